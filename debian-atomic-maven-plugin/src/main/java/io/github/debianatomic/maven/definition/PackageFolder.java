package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.deb.MaintainerScripts;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.InstallPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A package's folder, read: {@code control}, {@code root/}, and the maintainer scripts written by hand.
 *
 * @param label its name in messages, such as {@code packages/bootc}
 * @param definition its {@code control}
 * @param files what stands below {@code root/}, by the path it is installed at
 * @param scripts the maintainer scripts by name
 */
public record PackageFolder(
        String label, PackageDefinition definition, SortedMap<InstallPath, Content> files, Map<String, String> scripts) {

    /** Copies the maps. */
    public PackageFolder {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        scripts = Collections.unmodifiableMap(new LinkedHashMap<>(scripts));
    }

    /**
     * Reads a bundled folder into memory, so that its jar may be closed.
     *
     * @param folder on disk or inside a jar
     * @param label its name in messages
     * @throws IOException when it cannot be read
     * @throws InvalidPackageException when something in it is not understood
     */
    static PackageFolder read(Path folder, String label) throws IOException {
        PackageDefinition definition =
                PackageDefinition.parse(Files.readString(folder.resolve("control")), label + "/control");
        Map<String, String> scripts = new LinkedHashMap<>();
        SortedMap<InstallPath, Content> files = new TreeMap<>();
        Set<String> known = Set.copyOf(MaintainerScripts.NAMES);
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.sorted().toList()) {
                String name = child.getFileName().toString().replace("/", "");
                if (known.contains(name)) {
                    scripts.put(name, Files.readString(child));
                } else if (!name.equals("root") && !name.equals("control")) {
                    throw new InvalidPackageException(label + "/" + name,
                            "is no part of a package's folder; expected control, root/ and " + String.join(", ", MaintainerScripts.NAMES));
                }
            }
        }
        Path root = folder.resolve("root");
        if (Files.isDirectory(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path file : walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).sorted().toList()) {
                    String path = "/" + root.relativize(file).toString().replace('\\', '/');
                    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                        throw new InvalidPackageException(label + "/root" + path,
                                "is not a regular file; write links and directories as paragraphs of control");
                    }
                    files.put(new InstallPath(path), new Content.Bytes(Files.readAllBytes(file)));
                }
            }
        }
        return new PackageFolder(label, definition, files, scripts);
    }
}
