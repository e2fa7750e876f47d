package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.tree.Directories;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

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
     * @param md5sums the digests of its files
     * @param directory where; a staging tree that is there is deleted, which {@link #requireOurs} has to allow
     * @return what the file system could not hold, as a sentence, or empty
     * @throws IOException when it cannot be written
     */
    public static String write(Deb deb, Map<InstallPath, String> md5sums, Path directory) throws IOException {
        clear(directory);
        boolean modes = Files.getFileAttributeView(directory, PosixFileAttributeView.class) != null;
        boolean links = true;
        boolean names = true;
        boolean identities = true;
        writeControl(deb, md5sums, directory, modes);
        for (Entry entry : deb.tree().entries()) {
            Path path;
            try {
                path = directory.resolve(entry.path().value().substring(1));
                if (entry instanceof Entry.Link link) {
                    links &= link(path, link.target());
                    continue;
                }
                put(entry, path);
            } catch (InvalidPathException | FileAlreadyExistsException e) {
                names = false; // a colon on Windows, other letters in the C locale, or a name that differs in its case alone
                continue;
            }
            if (modes) {
                // the owner may always write, or the tree could not be filled and deleted again
                identities &= (entry.mode().bits() & 07000) == 0;
                Set<PosixFilePermission> bits = permissions(entry.mode().bits());
                bits.add(PosixFilePermission.OWNER_WRITE);
                Files.setPosixFilePermissions(path, bits);
            }
            if (entry instanceof Entry.File) {
                Files.setLastModifiedTime(path, FileTime.from(deb.time().instant()));
            }
        }
        List<String> lacking = new ArrayList<>();
        if (!modes) {
            lacking.add("modes");
        }
        if (!links) {
            lacking.add("links");
        }
        if (!names) {
            lacking.add("some files for their names");
        }
        if (!identities) {
            lacking.add("set-user-ID, set-group-ID or sticky bits");
        }
        return lacking.isEmpty()
                ? ""
                : "the staging tree " + directory + " lacks " + String.join(" and ", lacking) + ", which it cannot hold here; the deb has them";
    }

    /**
     * @param directory where a staging tree is to be written
     * @throws InvalidPackageException when something else is there, which would be deleted
     */
    public static void requireOurs(Path directory) throws IOException {
        if (!Files.exists(directory) || Files.isRegularFile(directory.resolve("DEBIAN/control"))) {
            return;
        }
        try (Stream<Path> children = Files.list(directory)) {
            if (children.findAny().isPresent()) {
                throw new InvalidPackageException("<stagingDirectory>", directory
                        + " is not empty and no staging tree of an earlier build; move it away or set another directory");
            }
        }
    }

    /** DEBIAN goes last: killed in between, the next build still knows that the tree is one of ours. */
    private static void clear(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            List<Path> children;
            try (Stream<Path> list = Files.list(directory)) {
                children = list.filter(child -> !child.endsWith("DEBIAN")).toList();
            }
            for (Path child : children) {
                Directories.delete(child);
            }
        }
        Directories.renew(directory);
    }

    /** First of all, because it marks the directory as a staging tree. */
    private static void writeControl(Deb deb, Map<InstallPath, String> md5sums, Path directory, boolean modes) throws IOException {
        Path control = Files.createDirectory(directory.resolve("DEBIAN"));
        if (modes) {
            Files.setPosixFilePermissions(control, permissions(Mode.DIRECTORY.bits()));
        }
        for (Map.Entry<String, String> file : deb.controlFiles(md5sums).entrySet()) {
            Path path = Files.writeString(control.resolve(file.getKey()), file.getValue());
            if (modes) {
                Mode mode = deb.scripts().containsKey(file.getKey()) ? Mode.EXECUTABLE : Mode.FILE;
                Files.setPosixFilePermissions(path, permissions(mode.bits()));
            }
        }
    }

    private static void put(Entry entry, Path path) throws IOException {
        if (entry instanceof Entry.File file) {
            try (InputStream in = file.content().open()) {
                Files.copy(in, path);
            }
        } else {
            Files.createDirectories(path);
        }
    }

    private static boolean link(Path path, String target) throws IOException {
        try {
            Files.createSymbolicLink(path, path.getFileSystem().getPath(target));
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        } catch (FileSystemException e) {
            if (path.getFileSystem().getSeparator().equals("\\")) {
                return false; // Windows allows links to privileged users alone
            }
            throw e;
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
