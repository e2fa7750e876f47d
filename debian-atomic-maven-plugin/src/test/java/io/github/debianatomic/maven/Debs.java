package io.github.debianatomic.maven;

import io.github.debianatomic.maven.compress.Compression;
import io.github.debianatomic.maven.compress.Compressor;
import io.github.debianatomic.maven.deb.BuildTime;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.deb.DebWriter;
import io.github.debianatomic.maven.deb.DebianVersion;
import io.github.debianatomic.maven.definition.BundledPackages;
import io.github.debianatomic.maven.definition.PackageAssembler;
import io.github.debianatomic.maven.definition.PackageOptions;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Packages for tests: the bundled ones with fixed options, and small ones of any tree. */
public final class Debs {

    public static final BuildTime TIME = BuildTime.parse("2026-11-23T02:15:00Z", "test");

    public static final PackageOptions OPTIONS = new PackageOptions(
            new DebianVersion("1.0.0", ""),
            "Example Platform Team <platform@example.com>",
            TIME,
            "Built by Maven from com.example:example-project:1.0.0.",
            List.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            null);

    private Debs() {}

    public static Deb bundled(String name) throws IOException {
        return PackageAssembler.assemble(List.of(BundledPackages.read(name)), OPTIONS).deb();
    }

    public static Path write(Deb deb, Path directory) throws IOException {
        return write(deb, Compressor.of(Compression.XZ), directory);
    }

    public static Path write(Deb deb, Compressor compressor, Path directory) throws IOException {
        return DebWriter.write(deb, compressor, directory, name -> 0, DebWriter.Progress.NONE).file();
    }

    public static Deb of(Entry... entries) {
        FileTree tree = FileTree.of(List.of(entries));
        Map<String, String> control = new LinkedHashMap<>();
        control.put("Package", "acme-agent");
        control.put("Version", "1.0.0");
        control.put("Architecture", "all");
        control.put("Maintainer", "Example Platform Team <platform@example.com>");
        control.put("Installed-Size", Long.toString(tree.installedSize()));
        control.put("Section", "admin");
        control.put("Priority", "optional");
        control.put("Description", "agent for tests\n It does nothing.");
        return new Deb(control, new DebianVersion("1.0.0", ""), tree, Map.of(), List.of(), TIME);
    }
}
