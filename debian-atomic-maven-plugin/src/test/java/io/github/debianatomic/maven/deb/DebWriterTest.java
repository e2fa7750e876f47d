package io.github.debianatomic.maven.deb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.Debs;
import io.github.debianatomic.maven.Tool;
import io.github.debianatomic.maven.compress.Compression;
import io.github.debianatomic.maven.compress.Compressor;
import io.github.debianatomic.maven.compress.Compressor.Engine;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

    private static final Map<InstallPath, String> MD5SUMS = Map.of(
            new InstallPath("/etc/acme.conf"), "c8d5fd3a8d1ee2ab4a51cfc3c8e9a4c5",
            new InstallPath("/usr/libexec/acme"), "3e2b31c72181b87149ff995e7202c0e3",
            new InstallPath("/usr/share/" + "long-name-".repeat(20) + "ü"), "0f92c08458d44aebc2cb419604be833b");

    @ParameterizedTest
    @EnumSource(Compression.class)
    void isReadByDpkgWhateverTheCompression(Compression compression) throws Exception {
        Path file = Debs.write(deb(), Compressor.of(compression), directory);
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

    /** jdeb is the other implementation: what it makes of the same entries is the same tar, to the byte. */
    @Test
    void packsADataMemberLikeJdeb() throws Exception {
        byte[] ours = member(Debs.write(deb(), Compressor.of(Compression.NONE), directory), "data.tar");
        byte[] theirs = member(JdebWriter.write(deb(), directory.resolve("jdeb.deb"), directory), "data.tar");
        int differs = Arrays.mismatch(ours, theirs);
        assertThat(differs).as("first difference, in block " + differs / 512 + " at " + differs % 512).isEqualTo(-1);
    }

    private static byte[] member(Path deb, String name) throws IOException {
        try (InputStream in = Files.newInputStream(deb)) {
            ArReader ar = new ArReader(in, deb.toString());
            while (!ar.next().equals(name)) {
                // those before it
            }
            return ar.content().readAllBytes();
        }
    }

    /** 34 MiB in all: streamed, in several blocks, with a control member whose length does not depend on the digests. */
    @ParameterizedTest
    @EnumSource(Compression.class)
    void streamsWhatIsLarge(Compression compression) throws Exception {
        Path large = directory.resolve("large");
        byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(large)) {
            for (int i = 0; i < 34; i++) {
                new Random(i % 3).nextBytes(block);
                out.write(block);
            }
        }
        Deb deb = Debs.of(
                new Entry.File(new InstallPath("/usr/lib/large"), Mode.FILE, Content.of(large)), file("/usr/lib/small", Mode.FILE, "small\n"));
        Path file = DebWriter.write(deb, new Compressor(compression, compression == Compression.NONE ? 0 : 1, Engine.JAVA), directory, name -> 0, DebWriter.Progress.NONE).file();
        Path unpacked = directory.resolve("unpacked");
        Tool.run(0, "dpkg-deb", "-R", file.toString(), unpacked.toString());
        assertThat(unpacked.resolve("usr/lib/large")).hasSameBinaryContentAs(large);
        assertThat(Files.readString(unpacked.resolve("DEBIAN/md5sums")))
                .isEqualTo(Tool.run(0, "sh", "-c", "cd " + unpacked + " && md5sum usr/lib/large usr/lib/small"));
        assertThat(Tool.run(0, "ar", "t", file.toString()).lines()).containsExactly(
                "debian-binary", "control.tar" + (compression == Compression.ZSTD ? ".xz" : compression.suffix()), "data.tar" + compression.suffix());
        assertThat(DebReader.read(file).items()).hasSize(5);
    }

    /** Their digests would be a twentieth of the deb: the control member is compressed, and the data member moved up to it. */
    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void compressesTheDigestsOfManySmallFiles(Compression compression) throws Exception {
        List<Entry> files = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            files.add(new Entry.File(new InstallPath("/usr/share/many/" + i), Mode.FILE, Content.of((i + " ").repeat(3000))));
        }
        Deb deb = Debs.of(files.toArray(Entry[]::new));
        assertThat(deb.isLarge()).isTrue();
        Path file = DebWriter.write(deb, new Compressor(compression, 1, Engine.JAVA), directory, name -> 0, DebWriter.Progress.NONE).file();
        Path unpacked = directory.resolve("unpacked");
        Tool.run(0, "dpkg-deb", "-R", file.toString(), unpacked.toString());
        Tool.run(0, "sh", "-c", "cd " + unpacked + " && md5sum --strict --quiet -c DEBIAN/md5sums && test $(wc -l <DEBIAN/md5sums) = 3000");
        assertThat(Tool.run(0, "ar", "t", file.toString()).lines())
                .containsExactly("debian-binary", "control.tar" + compression.suffix(), "data.tar" + compression.suffix());
        String control = Tool.run(0, "ar", "tv", file.toString()).lines().filter(line -> line.contains("control.tar")).findFirst().orElseThrow();
        assertThat(Integer.parseInt(control.split(" +")[2])).as("stored it has 170,000 bytes").isLessThan(90_000);
        assertThat(DebReader.read(file).items()).hasSize(3004);
    }

    @Test
    void keepsConffilesOutOfMd5sums() throws Exception {
        DebContents contents = DebReader.read(Debs.write(deb(), directory));
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
        assertThatThrownBy(() -> Debs.write(deb, output))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot pack /usr/lib/x from " + source);
        assertThat(list(output)).isEmpty();
    }

    @Test
    void findsWhatWasWrittenWrong() throws Exception {
        Path file = Debs.write(deb(), Compressor.of(Compression.NONE), directory);
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("#!/bin/sh");
        bytes[at] = '?';
        Files.write(file, bytes);
        DebContents expected = ExpectedContents.of(deb(), MD5SUMS, List.of("debian-binary", "control.tar", "data.tar"), name -> 0);
        assertThatThrownBy(() -> ExpectedContents.requireSame(expected, DebReader.read(file), "acme-agent.deb"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("differs from what was to be written");
    }

    @Test
    void givesTheSameBytesWhateverTheEnvironmentSays() throws Exception {
        byte[] expected = Files.readAllBytes(Debs.write(deb(), directory));
        Path output = Files.createDirectory(directory.resolve("out"));
        // jdeb, which is asked about the control file, reads these three
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
    void packsNamesInUtf8WhateverTheJvmsEncoding() throws Exception {
        byte[] expected = Files.readAllBytes(Debs.write(deb(), directory));
        Path output = Files.createDirectory(directory.resolve("out"));
        ProcessBuilder builder = WriteOneDeb.process(output);
        builder.command().set(1, "-Dfile.encoding=US-ASCII");
        assertThat(builder.start().waitFor()).isZero();
        assertThat(Files.readAllBytes(output.resolve("acme-agent_1.0.0_all.deb"))).isEqualTo(expected);
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
            command.addAll(1, List.of("-Dfile.encoding=UTF-8"));
            return new ProcessBuilder(command).inheritIO();
        }

        public static void main(String[] arguments) throws IOException {
            Deb deb = arguments.length == 1 ? deb() : Debs.of(new Entry.File(new InstallPath("/usr/lib/x"), Mode.FILE, Content.of(Path.of(arguments[1]))));
            Debs.write(deb, Path.of(arguments[0]));
        }
    }
}
