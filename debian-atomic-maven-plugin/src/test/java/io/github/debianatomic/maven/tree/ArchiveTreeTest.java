package io.github.debianatomic.maven.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.Archives;
import io.github.debianatomic.maven.InvalidPackageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archives that an overlay may be, each with the same in it. */
class ArchiveTreeTest {

    @TempDir
    private Path directory;

    private List<String> listing(Path archive) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Entry entry : ArchiveTree.read(archive, "a", directory.resolve("unpacked"))) {
            if (entry instanceof Entry.Refused refused) {
                lines.add("refused " + entry.path());
                assertThat(refused.reason().getMessage()).as("names the archive").startsWith("a: ");
                continue;
            }
            String more = entry instanceof Entry.Link link ? " -> " + link.target() : "";
            more = entry instanceof Entry.File file ? " " + file.content().text().strip() : more;
            lines.add((entry.mode().equals(Mode.UNKNOWN) ? "????" : entry.mode()) + " " + entry.path() + more);
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.tar", "a.tar.gz", "a.tgz", "a.tar.xz", "a.tar.zst"})
    void readsATarWithItsLinksAndModes(String name) throws Exception {
        Path archive = Archives.tar(directory.resolve(name), tar -> {
            Archives.directory(tar, "./", 0700);
            Archives.directory(tar, "./usr/lib/acme/", 0700);
            Archives.file(tar, "./usr/lib/acme/run", 04750, "#!/bin/sh\n");
            Archives.file(tar, "usr/lib/acme/data", 0666, "x\n");
            Archives.link(tar, "/usr/lib/acme/link", TarConstants.LF_SYMLINK, "data");
            Archives.link(tar, "./usr/lib/acme/same", TarConstants.LF_LINK, "./usr/lib/acme/run");
        });
        assertThat(listing(archive)).containsExactly(
                "0755 /",
                "0755 /usr/lib/acme",
                "0755 /usr/lib/acme/run #!/bin/sh",
                "0644 /usr/lib/acme/data x",
                "0777 /usr/lib/acme/link -> data",
                "0755 /usr/lib/acme/same #!/bin/sh");
    }

    private Path zip(String name, boolean modes) throws IOException {
        Path archive = directory.resolve(name);
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
            for (String[] entry : List.of(new String[] {"usr/lib/acme/", "40700", ""}, new String[] {"usr/lib/acme/run", "100755", "#!/bin/sh\n"},
                    new String[] {"usr/lib/acme/data", "100666", "x\n"}, new String[] {"usr/lib/acme/link", "120777", "data"})) {
                if (modes || !entry[0].endsWith("link")) {
                    ZipArchiveEntry header = new ZipArchiveEntry(entry[0]);
                    if (modes) {
                        header.setUnixMode(Integer.parseInt(entry[1], 8));
                    }
                    zip.putArchiveEntry(header);
                    zip.write(entry[2].getBytes(UTF_8));
                    zip.closeArchiveEntry();
                }
            }
        }
        return archive;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.zip", "a.jar"})
    void readsAZipWithItsLinksAndModes(String name) throws Exception {
        assertThat(listing(zip(name, true))).containsExactly(
                "0755 /usr/lib/acme", "0755 /usr/lib/acme/run #!/bin/sh", "0644 /usr/lib/acme/data x", "0777 /usr/lib/acme/link -> data");
    }

    @Test
    void aZipWithoutModesLeavesProgramsToARule() throws Exception {
        assertThat(listing(zip("a.zip", false))).containsExactly("0755 /usr/lib/acme", "???? /usr/lib/acme/run #!/bin/sh", "0644 /usr/lib/acme/data x");
    }

    private void refuses(Archives.Body body, String message) throws IOException {
        Path archive = Archives.tar(directory.resolve("bad.tar"), body);
        List<Entry> entries = ArchiveTree.read(archive, "a", directory.resolve("unpacked"));
        assertThat(((Entry.Refused) entries.get(entries.size() - 1)).reason()).hasMessage(message);
    }

    @Test
    void refusesWhatNoPackageMayHold() throws Exception {
        refuses(tar -> Archives.link(tar, "dev/null", TarConstants.LF_CHR, ""), "a: entry dev/null is neither a file, a link nor a directory; leave it out");
        refuses(tar -> Archives.link(tar, "run/pipe", TarConstants.LF_FIFO, ""), "a: entry run/pipe is neither a file, a link nor a directory; leave it out");
        refuses(tar -> Archives.link(tar, "usr/x", TarConstants.LF_SYMLINK, ""), "a: link /usr/x has the target ''; expected a path, such as ../lib/x");
        refuses(tar -> Archives.file(tar, "usr/a\tb", 0644, "x"), "a: path '/usr/a?b' holds a control character, which dpkg cannot record");
        refuses(tar -> Archives.link(tar, "usr/x", TarConstants.LF_LINK, "usr/y"),
                "a: hard link usr/x leads to usr/y, which is no file before it in the archive");
        refuses(tar -> {
            Archives.file(tar, "usr/x", 0644, "1");
            Archives.file(tar, "./usr/x", 0644, "2");
        }, "a: path /usr/x comes twice; keep one of them");
    }

    @Test
    void refusesAnArchiveWithANameThatLeavesTheRoot() throws Exception {
        Path archive = Archives.tar(directory.resolve("bad.tar"), tar -> Archives.file(tar, "../etc/shadow", 0644, "x"));
        assertThatThrownBy(() -> listing(archive)).isInstanceOf(InvalidPackageException.class)
                .hasMessage("a: path '/../etc/shadow' has '..' and could leave the package's root; write the path it means");
    }

    @Test
    void aFileInThePlaceOfADirectoryKeepsItsContent() throws Exception {
        assertThat(listing(Archives.tar(directory.resolve("a.tar"), tar -> {
            Archives.directory(tar, "usr/", 0755);
            Archives.directory(tar, "usr/x", 0755);
            Archives.file(tar, "usr/x", 0644, "x");
            Archives.file(tar, "usr/y", 0644, "y");
        }))).containsExactly("0755 /usr", "0644 /usr/x x", "0644 /usr/y y");
    }

    @Test
    void saysThatAnArchiveIsCut() throws Exception {
        Path archive = Archives.tar(directory.resolve("cut.tar.xz"), tar -> Archives.file(tar, "usr/x", 0644, "x".repeat(5000)));
        Files.write(archive, java.util.Arrays.copyOf(Files.readAllBytes(archive), 60));
        assertThatThrownBy(() -> listing(archive)).isInstanceOf(InvalidPackageException.class)
                .hasMessageMatching("a: cannot be unpacked \\(.*\\); it is cut or no archive of its ending, so build or download it again");
    }
}
