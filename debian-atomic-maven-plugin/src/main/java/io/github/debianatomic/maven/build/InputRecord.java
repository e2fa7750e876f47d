package io.github.debianatomic.maven.build;

import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.DiskTree;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a deb was made of, so that it is not made again of the same. The text names every input as the build finds it, before
 * anything is made of it, and the deb: one that was deleted or replaced is built anew. It is read only when its size or
 * one of its times is not the record's, or the record hardly younger. Files
 * are known by their content; where there are more than {@value Deb#LARGE} bytes of them by name, size and times, once those
 * are old enough.
 */
public final class InputRecord {

    /** Milliseconds. Time stamps of FAT are that coarse: a file younger than that may change without a trace. */
    private static final long GRAIN = 2000;

    /** What stands before the inputs: the deb, its stamp, its identity, what is to be there beside it, version, number of files, digest of the inputs. */
    private static final int LINES = 7;

    private final Path file;
    private final String inputs;
    private final boolean certain;

    private InputRecord(Path file, String inputs, boolean certain) {
        this.file = file;
        this.inputs = inputs;
        this.certain = certain;
    }

    /**
     * A deb.
     *
     * @param file where it is
     * @param version the package's
     * @param files how many it holds
     * @param digest stands for all that it was made of
     */
    public record Built(Path file, String version, int files, String digest) {}

    /**
     * @param file where the record is kept
     * @param parameters whatever decides beside the files: the plugin, what the POM says, the debs it is checked against
     * @param sources the files and directories that are read
     * @param now the time before anything is read
     * @throws IOException when an input cannot be read
     */
    static InputRecord of(Path file, List<String> parameters, List<Path> sources, Instant now) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String parameter : parameters) {
            text.append(parameter).append('\n');
        }
        long bytes = 0;
        List<List<Entry>> trees = new ArrayList<>();
        for (Path source : sources) {
            List<Entry> entries = Files.isDirectory(source)
                    ? DiskTree.read(source, source.toString())
                    : List.of(new Entry.File(InstallPath.ROOT, Mode.FILE, Content.of(source)));
            trees.add(entries);
            for (Entry entry : entries) {
                bytes += entry instanceof Entry.File regular ? regular.content().size() : 0;
            }
        }
        boolean byContent = bytes <= Deb.LARGE;
        boolean certain = true;
        for (int i = 0; i < trees.size(); i++) {
            text.append(sources.get(i)).append('\n');
            for (Entry entry : trees.get(i)) {
                text.append(entry.mode().bits()).append(' ').append(entry.path());
                if (entry instanceof Entry.Link link) {
                    text.append(" -> ").append(link.target());
                } else if (entry instanceof Entry.File regular && regular.content() instanceof Content.OnDisk disk) {
                    text.append(' ').append(identity(disk.file(), byContent));
                    certain &= byContent || Files.getLastModifiedTime(disk.file()).toMillis() < now.toEpochMilli() - GRAIN;
                }
                text.append('\n');
            }
        }
        return new InputRecord(file, text.toString(), certain);
    }

    /** The deb that was built of these inputs, or null when it has to be built. */
    Built built(Path directory) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        String[] lines = Files.readString(file).split("\n", LINES + 1);
        if (lines.length <= LINES || !lines[LINES].equals(inputs)) {
            return null;
        }
        Path deb = directory.resolve(lines[0]);
        if (!Files.isRegularFile(deb) || !Files.exists(Path.of(lines[3]))) {
            return null;
        }
        String stamp = stamp(deb); // before it is read: whoever replaces it then, gives it another
        if (!isUntouched(deb, stamp, lines[1])) {
            if (!identity(deb).equals(lines[2])) {
                return null;
            }
            lines[1] = stamp;
            try {
                write(lines);
            } catch (IOException e) {
                // the record as it stands is true, and a build with nothing to do needs no room on the disk
            }
        }
        return new Built(deb, lines[4], Integer.parseInt(lines[5]), lines[6]);
    }

    /** Spares the reading of it: digests are slow while a JVM starts. A record as young as the deb does not know what came after it. */
    private boolean isUntouched(Path deb, String stamp, String recorded) throws IOException {
        return hasChangeTime(deb) && stamp.equals(recorded)
                && Files.getLastModifiedTime(deb).toMillis() < Files.getLastModifiedTime(file).toMillis() - GRAIN;
    }

    /** To be called before the deb is built: interrupted, nothing is left that speaks for it. */
    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * To be called when the deb is complete.
     *
     * @param built what it is
     * @param beside what has to be there as well
     */
    void keep(Built built, Path beside) throws IOException {
        if (!certain) {
            return;
        }
        Path deb = built.file();
        String stamp = stamp(deb);
        String identity = identity(deb);
        if (stamp(deb).equals(stamp)) {
            write(deb.getFileName().toString(), stamp, identity, beside.toString(), built.version(), String.valueOf(built.files()), built.digest(), inputs);
        }
    }

    private void write(String... lines) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, String.join("\n", lines));
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Stands for all of the inputs. */
    String digest() throws IOException {
        return sha256(Content.of(inputs));
    }

    private static String identity(Path deb) throws IOException {
        return identity(deb, Files.size(deb) <= Deb.LARGE);
    }

    private static String identity(Path file, boolean byContent) throws IOException {
        return byContent ? sha256(Content.of(file)) : stamp(file);
    }

    /** What tells a file from another of its name without reading it. */
    public static String stamp(Path file) throws IOException {
        return Files.size(file) + " " + Files.getLastModifiedTime(file) + (hasChangeTime(file) ? " " + Files.getAttribute(file, "unix:ctime") : "");
    }

    /** The time of the last change of anything, which nobody can set back (but on FAT, where it is the other one); Windows has none. */
    private static boolean hasChangeTime(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private static String sha256(Content content) throws IOException {
        try (InputStream in = content.open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                digest.update(buffer, 0, got);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
