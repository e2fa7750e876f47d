package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.deb.DebWriter;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Exceptions of java.nio as sentences: their messages are often a path alone. */
final class Failures {

    private Failures() {}

    /**
     * @param e what happened
     * @param places the directories that were written to, by what the user may set to have them elsewhere
     */
    static String sentence(IOException e, Map<String, Path> places) {
        if (e instanceof FileSystemException full && DebWriter.NO_SPACE.equals(full.getReason())) {
            for (Map.Entry<String, Path> place : places.entrySet()) {
                if (Path.of(full.getFile()).toAbsolutePath().startsWith(place.getValue().toAbsolutePath())) {
                    return "there is no space left below " + place.getValue() + "; free some, or set " + place.getKey() + " to another file system";
                }
            }
        }
        if (e instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile() + "; give the user of the build write permission";
        }
        if (e instanceof NoSuchFileException gone) {
            return gone.getFile() + " is gone; build again, and keep other processes out of the build directory";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof DirectoryNotEmptyException) {
            return ((FileSystemException) e).getFile() + " was put there by somebody else; build again, and keep other processes out of the build directory";
        }
        if (e instanceof FileSystemException system) {
            return system.getFile() + ": " + (system.getReason() == null ? e.getClass().getSimpleName() : system.getReason());
        }
        if (String.valueOf(e.getMessage()).contains(DebWriter.NO_SPACE) && !places.isEmpty()) {
            return "there is no space left below " + String.join(" or ", places.values().stream().map(Path::toString).toList())
                    + "; free some, or set " + String.join(" or ", places.keySet()) + " to another file system";
        }
        return String.valueOf(e.getMessage());
    }
}
