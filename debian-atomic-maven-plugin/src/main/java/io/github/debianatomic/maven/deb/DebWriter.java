package io.github.debianatomic.maven.deb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.compress.Chunks;
import io.github.debianatomic.maven.compress.Compressor.Body;
import io.github.debianatomic.maven.compress.Compressor;
import io.github.debianatomic.maven.deb.DebReader.Keep;
import io.github.debianatomic.maven.deb822.Deb822;
import io.github.debianatomic.maven.grammar.MaintainerScript;
import io.github.debianatomic.maven.tree.Directories;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.vafer.jdeb.debian.BinaryPackageControlFile;

/**
 * Writes a deb(5): each file is read once, hashed while it passes, and compressed on its way into the finished file. jdeb
 * has its say on the control file; {@code src/adr/0001} says why it does not assemble. The only class
 * that knows jdeb.
 */
public final class DebWriter {

    /** The reason in the exception that {@link #write} throws for a full disk; its file says which. */
    public static final String NO_SPACE = "No space left on device";

    private static final String BINARY = "debian-binary";
    private static final int AR_HEADER = 60;
    private static final int BUFFER = 1 << 17;
    private static final int TAR_BLOCK = 512;
    /** The longest name that a tar header of its own need not be written for. */
    private static final int TAR_NAME = 99;

    /** One in so many bytes less is worth moving the data member. */
    private static final int WORTH_MOVING = 500;

    private final Deb deb;
    private final Compressor compressor;
    /** Stores for a large package, unless its digests turn out to be worth compressing. */
    private Compressor controlCompressor;
    private final Progress progress;
    private final Map<InstallPath, String> md5sums = new TreeMap<>();
    private final byte[] buffer = new byte[BUFFER];

    private DebWriter(Deb deb, Compressor compressor, Progress progress) {
        this.deb = deb;
        this.compressor = compressor;
        this.controlCompressor = deb.isLarge() ? compressor.stored() : compressor;
        this.progress = progress;
    }

    /** Hears how far the writer is. */
    public interface Progress {

        /** That many bytes of a file have been read. */
        void read(int bytes);

        /** A file is complete. */
        void packed();

        /** Nobody listens. */
        Progress NONE = new Progress() {
            @Override
            public void read(int bytes) {}

            @Override
            public void packed() {}
        };
    }

    /**
     * What was written.
     *
     * @param file the deb
     * @param md5sums the digests of its files
     * @param contents all of it: read back, or for a package that {@link Deb#isLarge} as it was passed on
     */
    public record Written(Path file, Map<InstallPath, String> md5sums, DebContents contents) {}

    /**
     * Writes the deb under its final name, complete or not at all.
     *
     * @param deb what to write
     * @param compressor of both members
     * @param directory where the finished file appears; it exists
     * @param keep what of the files' bytes is to be in the contents that are returned
     * @param progress hears of what has been read
     * @return the file and what is in it
     * @throws IOException when a file cannot be read, or the deb not written; nothing is left behind
     */
    public static Written write(Deb deb, Compressor compressor, Path directory, Keep keep, Progress progress) throws IOException {
        Path target = directory.resolve(deb.fileName());
        Path work = directory.resolve("." + deb.fileName() + ".tmp"); // beside the target, so that a rename suffices
        try {
            Directories.renew(work);
            DebWriter writer = new DebWriter(deb, compressor, progress);
            Path finished = writer.finish(work);
            DebContents contents = writer.contents(finished, keep);
            Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
            return new Written(target, Map.copyOf(writer.md5sums), contents);
        } catch (IOException e) {
            throw fullDisk(e, work);
        } finally {
            Directories.delete(work);
        }
    }

    /** Says which file system is full, before the work directory is deleted and has room again. */
    private static IOException fullDisk(IOException e, Path work) throws IOException {
        if (Files.getFileStore(work.getParent()).getUsableSpace() < BUFFER || String.valueOf(e.getMessage()).contains(NO_SPACE)) {
            IOException full = new FileSystemException(work.toString(), null, NO_SPACE);
            full.initCause(e);
            return full;
        }
        return e;
    }

    /** The expected contents. They are compared with what is read back; a large package is not read back. */
    private DebContents contents(Path finished, Keep keep) throws IOException {
        DebContents expected = ExpectedContents.of(deb, md5sums, List.of(BINARY, controlMember(), dataMember()), keep);
        if (!deb.isLarge()) {
            ExpectedContents.requireSame(expected, DebReader.read(finished, keep), deb.fileName());
        }
        return expected;
    }

    // ---- the finished file

    private Path finish(Path work) throws IOException {
        requireControl();
        Path finished = work.resolve(deb.fileName());
        try (FileChannel file = FileChannel.open(finished, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap("!<arch>\n".getBytes(US_ASCII)));
            member(file, BINARY, out -> out.write("2.0\n".getBytes(US_ASCII)));
            if (deb.isLarge()) {
                streamed(file);
            } else {
                // the digests stand before the files they are taken of
                Chunks data = new Chunks();
                data(data);
                member(file, controlMember(), this::control);
                member(file, dataMember(), data::writeTo);
            }
        }
        return finished;
    }

    /**
     * The digests follow when they are known: a control member that is stored has a length that does not depend on them. Where
     * many small files make it a burden, it is compressed and what stands behind it moved up.
     */
    private void streamed(FileChannel file) throws IOException {
        for (Entry.File entry : deb.tree().files()) {
            md5sums.put(entry.path(), "0".repeat(32));
        }
        long start = file.position();
        member(file, controlMember(), this::control);
        long data = file.position();
        member(file, dataMember(), this::data);
        long end = file.position();
        Chunks control = new Chunks();
        control(compressor, control);
        boolean shorter = (data - start - AR_HEADER - control.size() - 1) * WORTH_MOVING > end;
        file.position(start);
        if (shorter) {
            controlCompressor = compressor;
            member(file, controlMember(), control::writeTo);
            moveUp(file, data, end);
        } else {
            member(file, controlMember(), this::control);
            if (file.position() != data) {
                throw new IOException("the control member of " + deb.fileName() + " has changed its length; report it as a bug of the plugin");
            }
        }
    }

    /** Moves what stands from one position to the other to where the file is, in place. */
    private static void moveUp(FileChannel file, long from, long to) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(1 << 20);
        for (long read = from; read < to; ) {
            int got = file.read(piece.clear(), read);
            if (got < 0) {
                throw new EOFException("another process has cut the deb");
            }
            read += got;
            for (piece.flip(); piece.hasRemaining(); ) {
                file.write(piece);
            }
        }
        file.truncate(file.position());
    }

    private String controlMember() {
        return "control.tar" + controlCompressor.format().suffix();
    }

    private String dataMember() {
        return "data.tar" + compressor.format().suffix();
    }

    private void control(OutputStream out) throws IOException {
        control(controlCompressor, out);
    }

    private void control(Compressor by, OutputStream out) throws IOException {
        byte[] tar = controlTar();
        by.compress(out, tar.length, body -> body.write(tar));
    }

    private void data(OutputStream out) throws IOException {
        compressor.compress(out, tarLength(), body -> {
            TarArchiveOutputStream tar = tar(body);
            for (Entry entry : deb.tree().entries()) {
                add(tar, entry);
            }
            tar.finish();
            tar.flush();
        });
    }

    private static TarArchiveOutputStream tar(OutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
        return tar;
    }

    /** How long the data member is before it is compressed: the blocks are cut to it. */
    private long tarLength() {
        long length = 2 * TAR_BLOCK;
        for (Entry entry : deb.tree().entries()) {
            length += TAR_BLOCK + longName(name(entry)) + (entry instanceof Entry.Link link ? longName(link.target()) : 0)
                    + (entry instanceof Entry.File file ? roundUp(file.content().size(), TAR_BLOCK) : 0);
        }
        return length;
    }

    private static long longName(String name) {
        int bytes = name.getBytes(UTF_8).length;
        return bytes <= TAR_NAME ? 0 : TAR_BLOCK + roundUp(bytes + 1, TAR_BLOCK);
    }

    private static long roundUp(long length, int unit) {
        return (length + unit - 1) / unit * unit;
    }

    private static String name(Entry entry) {
        String name = entry.path().tarName();
        return entry instanceof Entry.Directory && !name.endsWith("/") ? name + "/" : name;
    }

    private void add(TarArchiveOutputStream tar, Entry entry) throws IOException {
        byte type = entry instanceof Entry.Link ? TarConstants.LF_SYMLINK : entry instanceof Entry.File ? TarConstants.LF_NORMAL : TarConstants.LF_DIR;
        TarArchiveEntry header = header(new TarArchiveEntry(name(entry), type, true), entry.mode().bits());
        if (entry instanceof Entry.Link link) {
            header.setLinkName(link.target());
        }
        if (entry instanceof Entry.File file) {
            header.setSize(file.content().size());
            tar.putArchiveEntry(header);
            try {
                md5sums.put(entry.path(), copy(file, tar));
            } catch (IOException e) {
                throw new IOException("cannot pack " + entry.path() + " from " + file.content() + ": " + e.getMessage(), e);
            }
        } else {
            tar.putArchiveEntry(header);
        }
        tar.closeArchiveEntry();
    }

    /** Returns the digest. The length is the one in the header, or the file has changed since the tree was made. */
    private String copy(Entry.File file, TarArchiveOutputStream tar) throws IOException {
        MessageDigest md5 = md5();
        long left = file.content().size();
        try (InputStream in = file.content().open()) {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                left -= got;
                if (left < 0) {
                    break;
                }
                md5.update(buffer, 0, got);
                tar.write(buffer, 0, got);
                progress.read(got);
            }
        }
        if (left != 0) {
            throw new IOException("it has " + (left > 0 ? "fewer" : "more") + " than the " + file.content().size()
                    + " bytes it had at first; keep other processes from changing it");
        }
        progress.packed();
        return HexFormat.of().formatHex(md5.digest());
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    /** One ar member: its header is written when its length is known. */
    private void member(FileChannel file, String name, Body body) throws IOException {
        long start = file.position();
        file.position(start + AR_HEADER);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
        body.writeTo(out);
        out.flush();
        long size = file.position() - start - AR_HEADER;
        if (size % 2 == 1) {
            file.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        // ROOT: Persian and other locales have digits of their own
        String header = String.format(Locale.ROOT, "%-16s%-12d%-6d%-6d%-8s%-10d`\n",
                name, deb.time().instant().getEpochSecond(), 0, 0, "100644", size);
        if (header.length() != AR_HEADER) {
            throw new IOException("member " + name + " of " + deb.fileName() + " has " + size
                    + " bytes, more than the ten digits of deb(5) can say");
        }
        file.write(ByteBuffer.wrap(header.getBytes(US_ASCII)), start);
    }

    // ---- the control member

    /** jdeb's opinion of the control file, which shares no code with ours: the fields that Policy 5.3 demands are there. */
    private void requireControl() throws IOException {
        try {
            Set<String> missing = new BinaryPackageControlFile(Deb822.format(deb.control())).invalidFields();
            if (!missing.isEmpty()) {
                throw new InvalidPackageException("package " + deb.name(), "has no " + String.join(", ", new TreeSet<>(missing))
                        + " in its control file; add it");
            }
        } catch (ParseException e) {
            throw new InvalidPackageException("package " + deb.name(), "has a control file that jdeb does not understand: " + e.getMessage());
        }
    }

    private byte[] controlTar() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(bytes)) {
            put(tar, "./", 0755, new byte[0]);
            for (Map.Entry<String, String> file : deb.controlFiles(md5sums).entrySet()) {
                boolean script = MaintainerScript.NAMES.contains(file.getKey());
                put(tar, "./" + file.getKey(), script ? 0755 : 0644, file.getValue().getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private void put(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = header(new TarArchiveEntry(name, true), mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private TarArchiveEntry header(TarArchiveEntry entry, int mode) {
        entry.setMode(mode);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        entry.setModTime(deb.time().instant().toEpochMilli());
        return entry;
    }
}
