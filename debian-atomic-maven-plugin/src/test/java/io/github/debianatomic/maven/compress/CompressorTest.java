package io.github.debianatomic.maven.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.Tool;
import io.github.debianatomic.maven.compress.Compressor.Engine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;

class CompressorTest {

    @TempDir
    private Path directory;

    /** Words of a small language, so that there is something to find. */
    private static byte[] text(int length) {
        Random random = new Random(7);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] noise = new byte[64];
        while (out.size() < length) {
            random.nextBytes(noise);
            out.writeBytes(random.nextInt(4) == 0 ? noise : ("word" + random.nextInt(500) + " ").getBytes());
        }
        return Arrays.copyOf(out.toByteArray(), length);
    }

    private static byte[] compress(BlockFormat format, byte[] data, long blocks, int threads) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BlockOutputStream stream = new BlockOutputStream(out, format, data.length, blocks, threads)) {
            for (int at = 0; at < data.length; at += 50_000) { // as files come: not in the blocks' lengths
                stream.write(data, at, Math.min(50_000, data.length - at));
            }
        }
        return out.toByteArray();
    }

    private static byte[] compress(Compressor compressor, byte[] data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        compressor.compress(out, data.length, body -> body.write(data));
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "100000, 1", "1000000, 2", "3000001, 4", "3000000, 7"})
    void xzBlocksAreOneStreamWhateverTheNumberOfThreads(int length, long blocks) throws Exception {
        byte[] data = text(length);
        byte[] one = compress(new XzFormat(new LZMA2Options(1)), data, blocks, 1);
        assertThat(compress(new XzFormat(new LZMA2Options(1)), data, blocks, 2)).isEqualTo(one);
        assertThat(compress(new XzFormat(new LZMA2Options(1)), data, blocks, 5)).isEqualTo(one);
        assertThat(Compression.XZ.decompress(new ByteArrayInputStream(one)).readAllBytes()).isEqualTo(data);
        Path file = Files.write(directory.resolve("data.xz"), one);
        Tool.require("xz");
        assertThat(Tool.run(0, "sh", "-c", "xz -t -vv " + file + " && xz --robot --list " + file + " | awk '/^file/ { print $2, $3, $5 }'"))
                .endsWith("1 " + (length == 0 ? 1 : blocks) + " " + length + "\n");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "70000, 1", "3000001, 3"})
    void gzipBlocksAreOneMemberWhateverTheNumberOfThreads(int length, long blocks) throws Exception {
        byte[] data = text(length);
        byte[] one = compress(new Gzip(6), data, blocks, 1);
        assertThat(compress(new Gzip(6), data, blocks, 3)).isEqualTo(one);
        assertThat(Compression.GZIP.decompress(new ByteArrayInputStream(one)).readAllBytes()).isEqualTo(data);
        Path file = Files.write(directory.resolve("data.gz"), one);
        Tool.require("gzip");
        assertThat(Tool.run(0, "sh", "-c", "gzip -dc " + file + " | wc -c").strip()).isEqualTo(Integer.toString(length));
    }

    @Test
    void blocksShareTheBytesBeforeThemInGzip() throws Exception {
        byte[] noise = new byte[20_000]; // can only be said again by who knows the block before
        new Random(7).nextBytes(noise);
        byte[] data = new byte[3_000_000];
        for (int at = 0; at < data.length; at += noise.length) {
            System.arraycopy(noise, 0, data, at, noise.length);
        }
        assertThat(compress(new Gzip(6), data, 3, 1).length).isLessThan(compress(new Gzip(6), data, 1, 1).length + 100);
    }

    /** The number is even, so that two processors end together, and follows from the length alone. */
    @ParameterizedTest
    @CsvSource({"0, 1", "15, 1", "16, 2", "24, 2", "48, 2", "49, 4", "507, 22"})
    void cutsIntoEvenBlocks(long mebibytes, long blocks) {
        assertThat(Compressor.blocks(mebibytes << 20, 24 << 20)).isEqualTo(blocks);
    }

    @Test
    void nativeXzIsThatOfTheXzCommand() throws Exception {
        byte[] data = text(3_000_000);
        Path file = Files.write(directory.resolve("data"), data);
        Tool.require("xz");
        byte[] ours = compress(new Compressor(Compression.XZ, 1, Engine.NATIVE), data);
        Tool.run(0, "sh", "-c", "xz -1 -T2 --block-size=1500000 --check=crc64 -k " + file);
        assertThat(ours).isEqualTo(Files.readAllBytes(directory.resolve("data.xz")));
        assertThat(Compressor.of("xz", 1, "native").description()).matches("xz 1 by liblzma 5\\..*");
    }

    /** In a JVM that cannot load JNA's own part, which is what a missing liblzma looks like too. */
    @Test
    void withoutLiblzmaNativeSaysHowToGetIt() throws Exception {
        String said = Tool.run(0, Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djna.nosys=true", "-Djna.nounpack=true",
                "-cp", System.getProperty("java.class.path"), AskForLiblzma.class.getName());
        assertThat(said).startsWith("xz: 'native' needs liblzma, which could not be loaded (")
                .contains("install it (Debian: liblzma5,")
                .endsWith("or set <xz> to java");
    }

    static final class AskForLiblzma {
        public static void main(String[] arguments) {
            try {
                Compressor.of("xz", null, "native").description();
            } catch (InvalidPackageException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz java", "xz native", "gzip java", "zstd java", "none java"})
    void aBodyThatFailsEndsTheStreamAtOnce(String how) {
        Compressor compressor = Compressor.of(how.split(" ")[0], null, how.split(" ")[1]);
        assertThatThrownBy(() -> compressor.compress(new ByteArrayOutputStream(), 40 << 20, body -> {
                    body.write(text(1_000_000));
                    throw new IOException("the file is gone");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the file is gone");
    }

    @Test
    void anEncoderThatFailsIsTheStreamsFailure() {
        BlockFormat broken = new Gzip(6) {
            @Override
            public Block encode(java.io.InputStream in, byte[] before, boolean last) throws IOException {
                throw new IOException("no encoder");
            }
        };
        assertThatThrownBy(() -> compress(broken, text(9_000_000), 3, 2)).isInstanceOf(IOException.class).hasMessage("no encoder");
    }

    @Test
    void saysWhatItDoesNotKnow() {
        StringBuilder text = new StringBuilder();
        for (String[] parameters : new String[][] {{"lzma", null, "java"}, {"xz", "10", "java"}, {"none", "1", "java"}, {"xz", null, "liblzma"}}) {
            try {
                Compressor.of(parameters[0], parameters[1] == null ? null : Integer.valueOf(parameters[1]), parameters[2]);
            } catch (InvalidPackageException e) {
                text.append(e.getMessage()).append('\n');
            }
        }
        assertThat(text).hasToString("""
                compression: 'lzma' is unknown; expected one of xz, gzip, zstd, none
                compressionLevel: '10' is no level of xz; expected 0 to 9
                compressionLevel: '1' is no level of none; expected none: delete it
                xz: 'liblzma' is unknown; expected one of java, native
                """);
    }
}
