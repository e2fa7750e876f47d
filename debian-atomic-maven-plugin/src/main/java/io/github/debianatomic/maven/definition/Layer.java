package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.grammar.MaintainerScript;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.DiskTree;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One of the trees that a package consists of. A later layer overlays an earlier one.
 *
 * @param kind where the layer comes from
 * @param label its name in messages, such as {@code packages/bootc}
 * @param definition its {@code control}, empty where it has none
 * @param entries its files, links and directories at the paths they are installed at
 * @param scripts maintainer scripts written by hand, by name
 * @param changelog its {@code changelog}, or null
 */
public record Layer(
        Kind kind, String label, PackageDefinition definition, List<Entry> entries, Map<String, String> scripts, String changelog) {

    /** Where a layer comes from. */
    public enum Kind {
        /** The plugin's own folder. */
        BUNDLED,
        /** Files that follow from a block's settings. */
        SETTINGS,
        /** The folder of the user's project. */
        PROJECT,
        /** A tree that was not made for this package: its {@code Overlay:} paragraphs apply. */
        OVERLAY
    }

    /** Copies the collections. */
    public Layer {
        entries = List.copyOf(entries);
        scripts = Collections.unmodifiableMap(new LinkedHashMap<>(scripts));
    }

    /**
     * A tree that was not made for a package: the DESTDIR of a {@code make install}, an archive, a file.
     *
     * @param label its name in messages
     * @param entries its files, links and directories
     */
    public static Layer overlay(String label, List<Entry> entries) {
        return new Layer(Kind.OVERLAY, label, PackageDefinition.none(label), entries, Map.of(), null);
    }

    /**
     * Reads a bundled folder into memory, so that its jar may be closed.
     *
     * @param folder on disk or inside a jar
     * @param label its name in messages
     * @param names replaced in the paths and texts
     * @throws IOException when it cannot be read
     * @throws InvalidPackageException when something in it is not understood
     */
    static Layer bundled(Path folder, String label, Replacements names) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Path root = folder.resolve("root");
        if (Files.isDirectory(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path file : walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).sorted().toList()) {
                    String path = "/" + root.relativize(file).toString().replace('\\', '/');
                    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                        throw new InvalidPackageException(label + "/root" + path,
                                "is not a regular file; write links and directories as paragraphs of control");
                    }
                    // a jar has no modes: control has them
                    entries.add(new Entry.File(new InstallPath(names.in(path)), Mode.FILE, Content.of(names.in(Files.readString(file)))));
                }
            }
        }
        return read(Kind.BUNDLED, folder, label, entries, names);
    }

    /**
     * Reads a folder of the user's project: what is on disk says links and executable bits, {@code control} the rest.
     *
     * @param folder {@code src/main/debian-atomic/PACKAGE}
     * @param label its name in messages
     * @throws IOException when it cannot be read
     * @throws InvalidPackageException when something in it is not understood
     */
    public static Layer project(Path folder, String label) throws IOException {
        Path root = folder.resolve("root");
        return read(Kind.PROJECT, folder, label, Files.isDirectory(root) ? DiskTree.read(root, label + "/root") : List.of(), Replacements.NONE);
    }

    private static Layer read(Kind kind, Path folder, String label, List<Entry> entries, Replacements names) throws IOException {
        PackageDefinition definition = PackageDefinition.none(label + "/control");
        Map<String, String> scripts = new LinkedHashMap<>();
        String changelog = null;
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.sorted().toList()) {
                String name = child.getFileName().toString().replace("/", "");
                if (name.equals("control")) {
                    definition = PackageDefinition.parse(names.in(Files.readString(child)), label + "/control");
                } else if (name.equals("changelog")) {
                    changelog = Files.readString(child);
                } else if (MaintainerScript.NAMES.contains(name)) {
                    String script = names.in(Files.readString(child));
                    if (script.indexOf('\r') >= 0) {
                        throw new InvalidPackageException(label + "/" + name,
                                "has lines that end in CR LF; expected LF alone (in git: mark the file `-text` in .gitattributes)");
                    }
                    scripts.put(name, script);
                } else if (!name.equals("root")) {
                    throw new InvalidPackageException(label + "/" + name, "is no part of a package's folder; expected control, changelog, root/ and "
                            + String.join(", ", MaintainerScript.NAMES));
                }
            }
        }
        return new Layer(kind, label, definition, entries, scripts, changelog);
    }
}
