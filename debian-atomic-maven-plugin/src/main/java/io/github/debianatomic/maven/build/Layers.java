package io.github.debianatomic.maven.build;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.definition.BundledPackages;
import io.github.debianatomic.maven.definition.Layer;
import io.github.debianatomic.maven.tree.ArchiveTree;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.Directories;
import io.github.debianatomic.maven.tree.DiskTree;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.codehaus.plexus.util.SelectorUtils;

/** The layers of a package, from the bundled folder to the last overlay. Unpacked archives live until it is closed. */
final class Layers implements AutoCloseable {

    private final BuildRequest request;
    private final Path unpacked;

    Layers(BuildRequest request) {
        this.request = request;
        this.unpacked = request.work().resolveSibling(request.work().getFileName() + ".unpacked");
    }

    List<Layer> read() throws IOException {
        List<Layer> layers = new ArrayList<>();
        if (BundledPackages.NAMES.contains(request.name())) {
            Layer bundled = BundledPackages.read(request.name(), request.block().settings().names());
            layers.add(bundled);
            layers.add(request.block().settings().over(bundled));
        }
        if (Files.isDirectory(request.folder())) {
            layers.add(own(layers.isEmpty()));
        }
        int number = 0;
        for (Overlay overlay : request.overlays()) {
            layers.add(overlay(overlay, number++));
        }
        return layers;
    }

    private Layer own(boolean alone) throws IOException {
        Layer own = Layer.project(request.folder(), request.label());
        String named = own.definition().name();
        if (named == null ? alone : !named.equals(request.name())) {
            throw new InvalidPackageException(request.label() + "/control", (named == null ? "names no package" : "names the package '" + named + "'")
                    + "; expected 'Package: " + request.name() + "', the name of its folder");
        }
        return own;
    }

    /** The files and directories that the layers are read from, without the plugin's own. */
    List<Path> sources() throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(request.folder())) {
            try (Stream<Path> children = Files.list(request.folder())) { // each of them may be a link
                children.filter(child -> Files.isDirectory(child) || Files.isRegularFile(child)).sorted().forEach(found::add);
            }
        }
        request.overlays().forEach(overlay -> found.add(overlay.source()));
        return found;
    }

    private Layer overlay(Overlay overlay, int number) throws IOException {
        List<Entry> entries;
        if (overlay.isDirectory()) {
            entries = DiskTree.read(overlay.source(), overlay.label());
        } else if (ArchiveTree.isArchive(overlay.source())) {
            entries = ArchiveTree.read(overlay.source(), overlay.label(), unpacked.resolve(Integer.toString(number)));
        } else if (overlay.target().equals("/")) {
            throw new InvalidPackageException("<overlay><artifact>", overlay.label() + " is no archive (" + String.join(", ", ArchiveTree.ENDINGS)
                    + "); say with <target> at which path the file is installed");
        } else {
            return Layer.overlay(overlay.label(), List.of(program(target(overlay), Content.of(overlay.source()))));
        }
        List<Entry> selected = select(entries, overlay, overlay.label());
        return Layer.overlay(overlay.label(), overlay.target().equals("/") ? selected : below(selected, target(overlay)));
    }

    private static InstallPath target(Overlay overlay) {
        try {
            return new InstallPath(overlay.target());
        } catch (InvalidPackageException e) {
            throw e.at("<overlay><target>");
        }
    }

    /** A repository keeps no modes: a program is one by what it begins with. */
    private static Entry.File program(InstallPath path, Content content) throws IOException {
        return new Entry.File(path, content.isScript() || content.isElf() ? Mode.EXECUTABLE : Mode.FILE, content);
    }

    private static List<Entry> select(List<Entry> entries, Overlay overlay, String label) {
        for (String pattern : concat(overlay.includes(), overlay.excludes())) {
            if (entries.stream().noneMatch(entry -> matches(pattern, entry))) {
                throw new InvalidPackageException("<overlay>", "the pattern '" + pattern + "' matches nothing in " + label + "; correct or delete it");
            }
        }
        return entries.stream()
                .filter(entry -> overlay.includes().isEmpty() || overlay.includes().stream().anyMatch(pattern -> matches(pattern, entry)))
                .filter(entry -> overlay.excludes().stream().noneMatch(pattern -> matches(pattern, entry)))
                .toList();
    }

    private static List<String> concat(List<String> a, List<String> b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    private static boolean matches(String pattern, Entry entry) {
        return SelectorUtils.matchPath(pattern, entry.path().value().substring(1), "/", true);
    }

    private static List<Entry> below(List<Entry> entries, InstallPath target) {
        List<Entry> moved = new ArrayList<>();
        for (Entry entry : entries) {
            if (!entry.path().equals(InstallPath.ROOT)) {
                moved.add(entry.at(new InstallPath(target + entry.path().value())));
            }
        }
        return moved;
    }

    @Override
    public void close() throws IOException {
        Directories.delete(unpacked);
    }
}
