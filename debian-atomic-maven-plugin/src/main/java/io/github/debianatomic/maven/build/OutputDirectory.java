package io.github.debianatomic.maven.build;

import io.github.debianatomic.maven.InvalidPackageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A directory that a goal writes to. */
final class OutputDirectory {

    private OutputDirectory() {}

    /**
     * @param directory made when it is not there
     * @param parameter the parameter that names it, for the message
     * @throws InvalidPackageException when something else is in its place
     * @throws IOException when it cannot be made or written to
     */
    static Path prepare(Path directory, String parameter) throws IOException {
        for (Path part = directory; part != null; part = part.getParent()) {
            if (Files.exists(part, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(part)) {
                throw new InvalidPackageException("<" + parameter + ">", directory + " cannot be a directory, because " + part
                        + " is " + (Files.isSymbolicLink(part) ? "a link that leads nowhere" : "a file") + "; move it or set another directory");
            }
        }
        Files.createDirectories(directory);
        if (!Files.isWritable(directory)) {
            throw new IOException(directory + " (<" + parameter + ">) is not writable; give the user of the build write permission"
                    + " or set another directory");
        }
        return directory;
    }
}
