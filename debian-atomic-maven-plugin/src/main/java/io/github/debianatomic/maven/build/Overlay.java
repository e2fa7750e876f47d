package io.github.debianatomic.maven.build;

import java.nio.file.Path;
import java.util.List;

/**
 * A tree that overlays a package, found on this machine.
 *
 * @param label its name in messages
 * @param source where it is
 * @param isDirectory whether the source is a directory that stands for {@code /}; else it is an archive or a file
 * @param target the path it is installed at; of a file, its own
 * @param includes Ant patterns of what is taken; everything when empty
 * @param excludes Ant patterns of what is left out
 */
public record Overlay(String label, Path source, boolean isDirectory, String target, List<String> includes, List<String> excludes) {

    /** Copies the lists. */
    public Overlay {
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
    }
}
