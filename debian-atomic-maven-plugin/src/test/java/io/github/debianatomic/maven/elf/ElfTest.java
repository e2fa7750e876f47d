package io.github.debianatomic.maven.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.tree.Content;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElfTest {

    @Test
    void aBinaryCutOrChangedAnywhereIsReadOrSaidToBeBroken() throws Exception {
        byte[] whole = Files.readAllBytes(Path.of("src/test/resources/elf/aarch64-dynamic"));
        List<String> needed = Elf.read(new Content.Bytes(whole)).needed();
        assertThat(needed).containsExactly("libc.so.6");
        for (int length = 4; length < whole.length; length += 7) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Elf.read(new Content.Bytes(cut))).isInstanceOf(Elf.BrokenException.class);
        }
        for (int i = 4; i < 1000; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= (byte) 0xa5;
            try {
                assertThat(Elf.read(new Content.Bytes(changed)).needed()).hasSizeLessThan(100);
            } catch (Elf.BrokenException e) {
                assertThat(e).hasMessageMatching("(it ends before|its .* would have|its .* have entries|no segment has) .*|no segment has.*");
            }
        }
    }
}
