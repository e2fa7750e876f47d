package io.github.debianatomic.maven.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of the debs that one execution wrote, so that a deb of an earlier version does not stay beside a new one. A
 * name is written down before the deb appears: killed in between, the next build still knows it.
 */
final class BuildRecord {

    private final Path stem;
    private final Path file;
    private final Path directory;

    /**
     * @param staging where the record is kept
     * @param directory where the debs are
     * @param packageName the package
     * @param execution the goal's execution
     */
    BuildRecord(Path staging, Path directory, String packageName, String execution) {
        this.stem = staging.resolve("." + packageName + "." + execution.replaceAll("[^A-Za-z0-9._-]", "_"));
        this.file = file("debs");
        this.directory = directory;
    }

    /** A file of the same execution beside the record, by its ending. */
    Path file(String ending) {
        return stem.resolveSibling(stem.getFileName() + "." + ending);
    }

    /** To be called before the deb is written. */
    void expect(String name) throws IOException {
        List<String> names = new ArrayList<>(read());
        names.add(name);
        write(names);
    }

    /** To be called after: deletes what was written before under other names. */
    void keep(String name) throws IOException {
        for (String earlier : read()) {
            if (!earlier.equals(name)) {
                Files.deleteIfExists(directory.resolve(earlier));
            }
        }
        write(List.of(name));
    }

    /** Whatever does not look like a deb's name was not written here. */
    private List<String> read() throws IOException {
        return Files.exists(file)
                ? Files.readString(file).lines().filter(line -> line.matches("[a-z0-9][a-z0-9+.-]+_[A-Za-z0-9.+~-]+_[a-z0-9-]+\\.deb")).toList()
                : List.of();
    }

    private void write(List<String> names) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, String.join("\n", names) + "\n");
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
