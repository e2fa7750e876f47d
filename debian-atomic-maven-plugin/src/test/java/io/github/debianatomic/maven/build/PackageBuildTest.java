package io.github.debianatomic.maven.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.debianatomic.maven.Debs;
import io.github.debianatomic.maven.build.InputRecord.Built;
import io.github.debianatomic.maven.compress.Compression;
import io.github.debianatomic.maven.compress.Compressor;
import io.github.debianatomic.maven.deb.DebReader;
import io.github.debianatomic.maven.deb.DebWriter;
import io.github.debianatomic.maven.deb.DebianVersion;
import io.github.debianatomic.maven.deb.Maintainer;
import io.github.debianatomic.maven.definition.PackageBlock;
import io.github.debianatomic.maven.definition.Settings;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.FileTree;
import io.github.debianatomic.maven.tree.InstallPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package is built without Maven. */
class PackageBuildTest {

    private static final Settings SETTINGS = new Settings(Map.of(), null, null, null, List.of(), null, null);

    @TempDir
    private Path directory;

    private static PackageBlock block(List<String> depends) {
        return new PackageBlock(false, List.of(), List.of(), depends, List.of(), false, Map.of(), List.of(), List.of(), Map.of(), List.of(), SETTINGS);
    }

    private BuildRequest request(PackageBlock block, Overlay... overlays) {
        return new BuildRequest("acme-agent", block, directory.resolve("src/acme-agent"), "src/acme-agent", List.of(overlays),
                new DebianVersion("1.0.0", ""), new Maintainer("Example Platform Team <platform@example.com>"), Debs.TIME, "Built by a test.",
                directory.resolve("staging/acme-agent"));
    }

    private Output output() {
        return new Output(directory.resolve("debs"), directory.resolve("staging"), Compressor.of(Compression.GZIP), "default");
    }

    private void write(String path, String text) throws IOException {
        Path file = directory.resolve("src/acme-agent").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void fill() throws IOException {
        write("control", "Package: acme-agent\nSection: admin\nPriority: optional\nArchitecture: all\nDescription: agent of Acme\n It reports to Acme.\n");
        write("root/usr/share/acme/data", "1\n");
        write("root/usr/share/doc/acme-agent/copyright", "Acme owns it.\n");
    }

    private Built build(BuildRequest request) throws IOException {
        try (PackageBuild build = new PackageBuild(request, output(), List.of())) {
            Built built = build.unchanged();
            return built != null ? built : build.write(build.assemble(), DebWriter.Progress.NONE, new ReadDebs(), List.of()).built();
        }
    }

    @Test
    void writesTheDebAndItsStagingTree() throws Exception {
        fill();
        Built built = build(request(block(List.of("procps"))));
        assertThat(built.file()).isEqualTo(directory.resolve("debs/acme-agent_1.0.0_all.deb"));
        assertThat(DebReader.read(built.file()).control().get("control")).contains("Depends: procps\n");
        assertThat(directory.resolve("staging/acme-agent/usr/share/acme/data")).hasContent("1");
    }

    @Test
    void deletesADebWithAnError() throws Exception {
        fill();
        write("root/usr/local/x", "");
        try (PackageBuild build = new PackageBuild(request(block(List.of())), output(), List.of())) {
            PackageBuild.Result result = build.write(build.assemble(), DebWriter.Progress.NONE, new ReadDebs(), List.of());
            assertThat(result.findings()).extracting(finding -> finding.check()).contains("local-paths");
            assertThat(result.built().file()).doesNotExist();
        }
    }

    @Test
    void describesAPackageAndWritesNothing() throws Exception {
        fill();
        assertThat(PackageBuild.describe(request(block(List.of()))).deb().fileName()).isEqualTo("acme-agent_1.0.0_all.deb");
        assertThat(directory.resolve("debs")).doesNotExist();
        assertThat(directory.resolve("staging")).doesNotExist();
    }

    @Test
    void aLinkOfAnOverlayWithATargetKeepsTheDotsThatStayWithinTheRootThere() throws Exception {
        fill();
        Path bin = Files.createDirectories(directory.resolve("tree/bin"));
        Files.createSymbolicLink(bin.resolve("tool"), Path.of("../../../bin/python3"));
        Files.createSymbolicLink(bin.resolve("surplus"), Path.of("../../../../../../x"));
        Overlay overlay = new Overlay("tree", directory.resolve("tree"), true, "/usr/lib/acme", List.of(), List.of());
        FileTree tree = PackageBuild.describe(request(block(List.of()), overlay)).deb().tree();
        assertThat(tree.stream(Entry.Link.class)).containsExactly(
                new Entry.Link(new InstallPath("/usr/lib/acme/bin/surplus"), "../../../../x"),
                new Entry.Link(new InstallPath("/usr/lib/acme/bin/tool"), "../../../bin/python3"));
    }

    @Test
    void aFileIsInstalledAtItsTarget() throws Exception {
        fill();
        write("control", Files.readString(directory.resolve("src/acme-agent/control")).replace("Architecture: all", "Architecture: any"));
        Path program = Path.of("src/test/resources/elf/x86_64-static");
        BuildRequest request = request(block(List.of()), new Overlay("a file", program, false, "/usr/lib/acme/run", List.of(), List.of()));
        assertThat(build(request).file().getFileName()).hasToString("acme-agent_1.0.0_amd64.deb");
        assertThat(directory.resolve("staging/acme-agent/usr/lib/acme/run")).isExecutable();
    }
}
