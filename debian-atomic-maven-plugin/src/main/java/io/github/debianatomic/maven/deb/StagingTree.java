package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The package laid out on disk for a person or {@code dpkg-deb --root-owner-group --build} to look at. The deb is not
 * made from it, because not every file system can hold what a package needs.
 */
public final class StagingTree {

    private StagingTree() {}

    /**
     * Writes the tree anew.
     *
     * @param deb the package
     * @param directory where; what is there is deleted
     * @return what the file system could not hold, as a sentence, or empty
     * @throws IOException when it cannot be written
     */
    public static String write(Deb deb, Path directory) throws IOException {
        Directories.renew(directory);
        boolean modes = Files.getFileAttributeView(directory, PosixFileAttributeView.class) != null;
        boolean links = true;
        for (Entry entry : deb.tree().entries()) {
            Path path = directory.resolve(entry.path().value().substring(1));
            if (entry instanceof Entry.Link link) {
                links &= link(path, link.target());
                continue;
            }
            if (entry instanceof Entry.File file) {
                try (InputStream in = file.content().open()) {
                    Files.copy(in, path);
                }
            } else {
                Files.createDirectories(path);
            }
            if (modes) {
                // the owner may always write, or the tree could not be filled and deleted again
                Set<PosixFilePermission> bits = permissions(entry.mode().bits());
                bits.add(PosixFilePermission.OWNER_WRITE);
                Files.setPosixFilePermissions(path, bits);
            }
            if (entry instanceof Entry.File) {
                Files.setLastModifiedTime(path, FileTime.from(deb.time().instant()));
            }
        }
        Path control = Files.createDirectory(directory.resolve("DEBIAN"));
        for (Map.Entry<String, String> file : deb.controlFiles(Map.of()).entrySet()) {
            Path path = Files.writeString(control.resolve(file.getKey()), file.getValue());
            if (modes && deb.scripts().containsKey(file.getKey())) {
                Files.setPosixFilePermissions(path, permissions(Mode.EXECUTABLE.bits()));
            }
        }
        return modes && links
                ? ""
                : "the file system of " + directory + " cannot hold " + (modes ? "links" : links ? "modes" : "modes and links")
                        + ", so the staging tree lacks them; the deb has them";
    }

    private static boolean link(Path path, String target) throws IOException {
        try {
            Files.createSymbolicLink(path, path.getFileSystem().getPath(target));
            return true;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return false;
        }
    }

    private static Set<PosixFilePermission> permissions(int bits) {
        Map<Integer, PosixFilePermission> all = Map.of(
                0400, PosixFilePermission.OWNER_READ, 0200, PosixFilePermission.OWNER_WRITE, 0100, PosixFilePermission.OWNER_EXECUTE,
                0040, PosixFilePermission.GROUP_READ, 0020, PosixFilePermission.GROUP_WRITE, 0010, PosixFilePermission.GROUP_EXECUTE,
                0004, PosixFilePermission.OTHERS_READ, 0002, PosixFilePermission.OTHERS_WRITE, 0001, PosixFilePermission.OTHERS_EXECUTE);
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        all.forEach((bit, permission) -> {
            if ((bits & bit) != 0) {
                set.add(permission);
            }
        });
        return set;
    }
}
