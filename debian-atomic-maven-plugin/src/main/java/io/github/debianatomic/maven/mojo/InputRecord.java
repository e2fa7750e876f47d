package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * What a deb was made of, so that it is not made again of the same. The text names every input, and the deb itself: a deb
 * that was deleted, replaced or brought back from elsewhere is built anew. Files are known by their content; those of a
 * {@link Deb#isLarge large} package by name, size and time, where that is safe.
 */
final class InputRecord {

    /** Time stamps of FAT are that coarse: a file younger than that may change without a trace. */
    private static final Duration GRAIN = Duration.ofSeconds(2);

    private final Path file;
    private final Path deb;
    private final String inputs;
    private final boolean certain;
    private final boolean byContent;

    private InputRecord(Path file, Path deb, String inputs, boolean certain, boolean byContent) {
        this.file = file;
        this.deb = deb;
        this.inputs = inputs;
        this.certain = certain;
        this.byContent = byContent;
    }

    /**
     * @param file where the record is kept
     * @param path the deb's
     * @param deb what it is made of
     * @param more whatever else decides: the plugin, the compression, the debs it was checked against
     * @param now the time before anything is read
     * @throws IOException when an input cannot be read
     */
    static InputRecord of(Path file, Path path, Deb deb, List<String> more, Instant now) throws IOException {
        StringBuilder text = new StringBuilder();
        boolean certain = true;
        more.forEach(line -> text.append(line).append('\n'));
        text.append(deb.control()).append('\n').append(deb.scripts()).append('\n').append(deb.triggers()).append('\n').append(deb.time()).append('\n');
        for (Entry entry : deb.tree().entries()) {
            text.append(entry.mode()).append(' ').append(entry.path());
            if (entry instanceof Entry.Link link) {
                text.append(" -> ").append(link.target());
            } else if (entry instanceof Entry.File regular && deb.isLarge() && regular.content() instanceof Content.OnDisk disk) {
                FileTime time = Files.getLastModifiedTime(disk.file());
                certain &= time.toInstant().isBefore(now.minus(GRAIN));
                text.append(' ').append(disk.file()).append(' ').append(disk.size()).append(' ').append(time);
            } else if (entry instanceof Entry.File regular) {
                text.append(' ').append(sha256(regular.content()));
            }
            text.append('\n');
        }
        return new InputRecord(file, path, text.toString(), certain, !deb.isLarge());
    }

    /** Whether the deb is there, as it was built of these inputs. */
    boolean holds() throws IOException {
        return Files.isRegularFile(file) && Files.isRegularFile(deb) && Files.readString(file).equals(text());
    }

    /** To be called before the deb is built: interrupted, nothing is left that speaks for it. */
    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    /** To be called when the deb is complete. */
    void keep() throws IOException {
        if (certain) {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, text());
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Stands for all of the inputs. */
    String digest() throws IOException {
        return sha256(Content.of(inputs));
    }

    private String text() throws IOException {
        return deb.getFileName() + " " + (byContent ? sha256(Content.of(deb)) : Files.size(deb) + " " + Files.getLastModifiedTime(deb)) + "\n" + inputs;
    }

    private static String sha256(Content content) throws IOException {
        try (InputStream in = new DigestInputStream(content.open(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
