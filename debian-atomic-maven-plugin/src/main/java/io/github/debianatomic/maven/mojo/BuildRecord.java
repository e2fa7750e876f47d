package io.github.debianatomic.maven.mojo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of the deb a goal wrote last, so that a deb of an earlier version does not stay beside a new one. */
final class BuildRecord {

    private final Path file;

    BuildRecord(Path file) {
        this.file = file;
    }

    /** Deletes the deb written last unless it is the one about to be written. */
    void deleteOthers(Path deb) throws IOException {
        if (Files.exists(file)) {
            Path earlier = Path.of(Files.readString(file).strip());
            if (!earlier.equals(deb.toAbsolutePath())) {
                Files.deleteIfExists(earlier);
            }
        }
    }

    void write(Path deb) throws IOException {
        Files.writeString(file, deb.toAbsolutePath() + "\n");
    }
}
