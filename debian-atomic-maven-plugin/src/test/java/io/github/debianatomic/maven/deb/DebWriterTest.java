package io.github.debianatomic.maven.deb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.Debs;
import io.github.debianatomic.maven.Tool;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DebWriterTest {

    @TempDir
    private Path directory;

    private static Entry.File file(String path, Mode mode, String text) {
        return new Entry.File(new InstallPath(path), mode, Content.of(text));
    }

    private static Deb deb() {
        return Debs.of(
                file("/etc/acme.conf", Mode.FILE, "# none\n"),
                file("/usr/libexec/acme", Mode.EXECUTABLE, "#!/bin/sh\n"),
                file("/usr/share/" + "long-name-".repeat(20) + "ü", Mode.FILE, "long\n"),
                new Entry.Directory(new InstallPath("/usr/lib/acme"), Mode.parse("0750")),
                new Entry.Link(new InstallPath("/usr/lib/acme/storage"), "../../../sysroot/ostree"));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void isReadByDpkgWhateverTheCompression(Compression compression) throws Exception {
        Path file = DebWriter.write(deb(), compression, directory).file();
        assertThat(Tool.run(0, "dpkg-deb", "-c", file.toString()))
                .isEqualTo(
                        """
                        drwxr-xr-x root/root         0 2026-11-23 02:15 ./
                        drwxr-xr-x root/root         0 2026-11-23 02:15 ./etc/
                        -rw-r--r-- root/root         7 2026-11-23 02:15 ./etc/acme.conf
                        drwxr-xr-x root/root         0 2026-11-23 02:15 ./usr/
                        drwxr-xr-x root/root         0 2026-11-23 02:15 ./usr/lib/
                        drwxr-x--- root/root         0 2026-11-23 02:15 ./usr/lib/acme/
                        lrwxrwxrwx root/root         0 2026-11-23 02:15 ./usr/lib/acme/storage -> ../../../sysroot/ostree
                        drwxr-xr-x root/root         0 2026-11-23 02:15 ./usr/libexec/
                        -rwxr-xr-x root/root        10 2026-11-23 02:15 ./usr/libexec/acme
                        drwxr-xr-x root/root         0 2026-11-23 02:15 ./usr/share/
                        -rw-r--r-- root/root         5 2026-11-23 02:15 ./usr/share/%sü
                        """
                                .formatted("long-name-".repeat(20)));
        assertThat(Tool.run(0, "dpkg-deb", "-f", file.toString(), "Package", "Installed-Size")).isEqualTo("Package: acme-agent\nInstalled-Size: 11\n");
        assertThat(Tool.run(0, "ar", "t", file.toString()).lines())
                .containsExactly("debian-binary", "control.tar" + compression.suffix(), "data.tar" + compression.suffix());
    }

    @Test
    void keepsConffilesOutOfMd5sums() throws Exception {
        DebReader.Contents contents = DebReader.read(Debs.write(deb(), directory));
        assertThat(contents.control().get("conffiles")).isEqualTo("/etc/acme.conf\n");
        assertThat(contents.control().get("md5sums"))
                .isEqualTo("3e2b31c72181b87149ff995e7202c0e3  usr/libexec/acme\n"
                        + "0f92c08458d44aebc2cb419604be833b  usr/share/" + "long-name-".repeat(20) + "ü\n");
    }

    @Test
    void leavesNothingBehindWhenAFileCannotBeRead() throws Exception {
        Path source = Files.writeString(directory.resolve("source"), "long enough");
        Content content = Content.of(source);
        Files.writeString(source, "shorter");
        Path output = Files.createDirectory(directory.resolve("out"));
        Deb deb = Debs.of(new Entry.File(new InstallPath("/usr/lib/x"), Mode.FILE, content));
        assertThatThrownBy(() -> DebWriter.write(deb, Compression.XZ, output))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot pack /usr/lib/x from " + source);
        assertThat(list(output)).isEmpty();
    }

    @Test
    void findsWhatWasWrittenWrong() throws Exception {
        Path file = DebWriter.write(deb(), Compression.NONE, directory).file();
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("#!/bin/sh");
        bytes[at] = '?';
        Files.write(file, bytes);
        assertThatThrownBy(() -> DebReader.read(file).requireSame(deb(), java.util.Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("differs from what was to be written");
    }

    @Test
    void givesTheSameBytesWhateverTheEnvironmentSays() throws Exception {
        byte[] expected = Files.readAllBytes(Debs.write(deb(), directory));
        Path output = Files.createDirectory(directory.resolve("out"));
        // jdeb reads these three
        ProcessBuilder builder = WriteOneDeb.process(output);
        builder.environment().put("DEBVERSION", "9.9");
        builder.environment().put("DEBFULLNAME", "Somebody Else");
        builder.environment().put("DEBEMAIL", "else@example.org");
        builder.environment().put("SOURCE_DATE_EPOCH", "1");
        builder.environment().put("TZ", "Asia/Kathmandu");
        builder.environment().put("LC_ALL", "de_DE.UTF-8");
        assertThat(builder.start().waitFor()).isZero();
        assertThat(Files.readAllBytes(output.resolve("acme-agent_1.0.0_all.deb"))).isEqualTo(expected);
    }

    @Test
    void refusesANameTheJvmWouldMangle() throws Exception {
        Path output = Files.createDirectory(directory.resolve("out"));
        ProcessBuilder builder = WriteOneDeb.process(output).redirectError(directory.resolve("errors").toFile());
        builder.command().set(1, "-Dfile.encoding=US-ASCII");
        assertThat(builder.start().waitFor()).isEqualTo(1);
        assertThat(Files.readString(directory.resolve("errors"))).contains(
                "its name is not ASCII and this JVM's file encoding is US-ASCII; run Maven with MAVEN_OPTS=-Dfile.encoding=UTF-8");
        assertThat(list(output)).isEmpty();
    }

    @Test
    void leavesNoDebWhenItIsKilled() throws Exception {
        Path output = Files.createDirectory(directory.resolve("out"));
        Path endless = Files.createFile(directory.resolve("endless"));
        try (var sparse = new java.io.RandomAccessFile(endless.toFile(), "rw")) {
            sparse.setLength(4L << 30); // takes minutes to pack
        }
        Process process = WriteOneDeb.process(output, endless.toString()).start();
        while (list(output).isEmpty() && process.isAlive()) {
            Thread.sleep(20);
        }
        process.destroyForcibly().waitFor();
        assertThat(list(output)).isNotEmpty().noneMatch(name -> name.endsWith(".deb"));
        assertThat(WriteOneDeb.process(output).start().waitFor()).isZero();
        assertThat(list(output)).as("the next build clears up").containsExactly("acme-agent_1.0.0_all.deb");
    }

    private static List<String> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A program for a JVM of its own. */
    static final class WriteOneDeb {

        static ProcessBuilder process(Path output, String... more) {
            List<String> command = new java.util.ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                    WriteOneDeb.class.getName(), output.toString()));
            command.addAll(List.of(more));
            command.addAll(1, List.of("-Dfile.encoding=UTF-8", "-Djava.io.tmpdir=" + output.getParent())); // jdeb leaves a file there when killed
            return new ProcessBuilder(command).inheritIO();
        }

        public static void main(String[] arguments) throws IOException {
            Deb deb = arguments.length == 1 ? deb() : Debs.of(new Entry.File(new InstallPath("/usr/lib/x"), Mode.FILE, Content.of(Path.of(arguments[1]))));
            DebWriter.write(deb, Compression.XZ, Path.of(arguments[0]));
        }
    }
}
