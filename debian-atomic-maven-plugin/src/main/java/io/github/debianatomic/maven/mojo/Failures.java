package io.github.debianatomic.maven.mojo;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Exceptions of java.nio as sentences: their messages are often a path alone. */
final class Failures {

    /** Less than this left says that a file system is full, in whatever words and language the system says it. */
    private static final long FULL = 64 << 10;

    private Failures() {}

    /**
     * @param e what happened
     * @param places the directories that were written to, by what the user may set to have them elsewhere
     */
    static String sentence(IOException e, Map<String, Path> places) {
        for (Map.Entry<String, Path> place : places.entrySet()) {
            if (isFull(place.getValue())) {
                return "there is no space left below " + place.getValue() + "; free some, or set " + place.getKey() + " to another file system";
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
        return String.valueOf(e.getMessage());
    }

    private static boolean isFull(Path place) {
        try {
            Path there = place;
            while (there != null && !Files.exists(there)) {
                there = there.getParent();
            }
            return there != null && Files.getFileStore(there).getUsableSpace() < FULL;
        } catch (IOException e) {
            return false; // then the first exception says it
        }
    }
}
