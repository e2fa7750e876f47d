package io.github.debianatomic.maven.tree;

import io.github.debianatomic.maven.InvalidPackageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A user's directory as entries: links are kept, a file its owner may execute is 0755, any other 0644. */
public final class DiskTree {

    private DiskTree() {}

    /**
     * @param root the directory that stands for {@code /}
     * @param source its name in messages
     * @return its files and links, and its directories where they are empty; files whose mode is unknown have none; what no
     *     package may hold is refused
     * @throws IOException when it cannot be read
     */
    public static List<Entry> read(Path root, String source) throws IOException {
        Path start = root.toRealPath(); // a walk does not enter a link, which the directory itself may be
        boolean modes = Files.getFileAttributeView(start, PosixFileAttributeView.class) != null;
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(start)) {
            for (Path path : walk.filter(p -> !p.equals(start)).sorted().toList()) {
                String relative = unix(start.relativize(path));
                try {
                    add(entries, path, new InstallPath("/" + readable(relative)), modes);
                } catch (InvalidPackageException e) {
                    entries.add(new Entry.Refused(InstallPath.resembling("/" + relative), e.at(source + "/" + relative)));
                }
            }
        }
        return entries;
    }

    private static void add(List<Entry> entries, Path path, InstallPath place, boolean modes) throws IOException {
        Class<? extends BasicFileAttributes> kind = modes ? PosixFileAttributes.class : BasicFileAttributes.class;
        BasicFileAttributes attributes = Files.readAttributes(path, kind, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            entries.add(new Entry.Link(place, readable(unix(Files.readSymbolicLink(path)))));
        } else if (attributes.isDirectory()) {
            if (isEmpty(path)) {
                entries.add(new Entry.Directory(place, Mode.DIRECTORY));
            }
        } else if (attributes.isRegularFile()) {
            Content content = new Content.OnDisk(path, attributes.size());
            entries.add(new Entry.File(place, attributes instanceof PosixFileAttributes posix ? mode(posix) : guess(content), content));
        } else {
            throw new InvalidPackageException("is neither a file, a link nor a directory; delete it");
        }
    }

    /** With the separators of Debian; elsewhere than on Windows a backslash is a character of a name, as systemd-escape(1) makes them. */
    private static String unix(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private static String readable(String text) {
        if (text.indexOf('\uFFFD') >= 0) {
            throw new InvalidPackageException("has characters that Java cannot read in this locale; set LC_ALL=C.UTF-8 for Maven");
        }
        return text;
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.findAny().isEmpty();
        }
    }

    private static Mode mode(PosixFileAttributes attributes) {
        return attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE) ? Mode.EXECUTABLE : Mode.FILE;
    }

    /** Without modes on disk a program has none until a rule says it. */
    static Mode guess(Content content) throws IOException {
        return content.isScript() || content.isElf() ? Mode.UNKNOWN : Mode.FILE;
    }
}
