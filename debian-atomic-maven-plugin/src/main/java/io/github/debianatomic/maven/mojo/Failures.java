package io.github.debianatomic.maven.mojo;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Exceptions of java.nio as sentences: their messages are often a path alone. */
final class Failures {

    private Failures() {}

    static String sentence(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile() + "; give the user of the build write permission";
        }
        if (e instanceof NoSuchFileException gone) {
            return gone.getFile() + " is gone; build again, and keep other processes out of the build directory";
        }
        String message = e instanceof FileSystemException && ((FileSystemException) e).getReason() != null
                ? ((FileSystemException) e).getFile() + ": " + ((FileSystemException) e).getReason()
                : String.valueOf(e.getMessage());
        return message.contains("No space left") ? message + "; free some space, or set <outputDirectory> to another file system" : message;
    }
}
