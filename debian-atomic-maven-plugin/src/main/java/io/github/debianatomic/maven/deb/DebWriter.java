package io.github.debianatomic.maven.deb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.deb822.Deb822;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.vafer.jdeb.Console;
import org.vafer.jdeb.DataConsumer;
import org.vafer.jdeb.DataProducer;
import org.vafer.jdeb.DebMaker;
import org.vafer.jdeb.PackagingException;

/**
 * Writes a deb(5). jdeb assembles the data member, plain; it is compressed on its way into the finished file, beside a
 * control member of our own, because jdeb's drops fields it does not know, lists conffiles in md5sums and always
 * deflates with the JDK. The only class that knows jdeb.
 */
public final class DebWriter {

    /** The reason in the exception that {@link #write} throws for a full disk; its file says which. */
    public static final String NO_SPACE = "No space left on device";

    private static final int AR_HEADER = 60;
    private static final int BUFFER = 1 << 16;

    private final Deb deb;
    private final Compression compression;
    private final Map<InstallPath, String> md5sums = new TreeMap<>();

    private DebWriter(Deb deb, Compression compression) {
        this.deb = deb;
        this.compression = compression;
    }

    /**
     * What was written.
     *
     * @param file the deb
     * @param md5sums the digests of its files
     */
    public record Written(Path file, Map<InstallPath, String> md5sums) {}

    /**
     * Writes the deb under its final name, complete or not at all.
     *
     * @param deb what to write
     * @param compression of both members
     * @param directory where the finished file appears; it exists
     * @return the file and the digests of what is in it
     * @throws IOException when a file cannot be read, or the deb not written; nothing is left behind
     */
    public static Written write(Deb deb, Compression compression, Path directory) throws IOException {
        Path target = directory.resolve(deb.fileName());
        Path work = directory.resolve("." + deb.fileName() + ".tmp"); // beside the target, so that a rename suffices
        try {
            Directories.renew(work);
            DebWriter writer = new DebWriter(deb, compression);
            Path plain = writer.assemble(work);
            Path finished = writer.finish(plain, work);
            DebReader.read(finished).requireSame(deb, writer.md5sums);
            Files.move(finished, target, StandardCopyOption.ATOMIC_MOVE);
            return new Written(target, Map.copyOf(writer.md5sums));
        } catch (IOException e) {
            throw fullDisk(e, work);
        } finally {
            Directories.delete(work);
        }
    }

    /** Says which file system is full, before the work directory is deleted and has room again. */
    private static IOException fullDisk(IOException e, Path work) throws IOException {
        boolean here = Files.getFileStore(work).getUsableSpace() < BUFFER;
        if (here || String.valueOf(rootMessage(e)).contains(NO_SPACE)) {
            // jdeb keeps the data member where the JVM has its temporary files
            String place = here ? work.toString() : System.getProperty("java.io.tmpdir");
            IOException full = new FileSystemException(place, null, NO_SPACE);
            full.initCause(e);
            return full;
        }
        return e;
    }

    // ---- the data member, by jdeb

    private Path assemble(Path work) throws IOException {
        Path plain = work.resolve("jdeb.deb");
        IOException[] failure = new IOException[1];
        DataProducer producer = consumer -> {
            try {
                produce(consumer);
            } catch (IOException e) {
                failure[0] = e; // jdeb's own message speaks of unclosed entries instead
                throw e;
            }
        };
        try {
            // jdeb insists on a control file; this member is replaced
            Path control = Files.createDirectory(work.resolve("control"));
            Files.writeString(control.resolve("control"), Deb822.format(deb.control()));
            DebMaker maker = new DebMaker(new Silence(), List.of(producer), null);
            maker.setControl(control.toFile());
            maker.setDeb(plain.toAbsolutePath().toFile());
            maker.setCompression("none");
            maker.setEncoding(UTF_8);
            maker.setOutputTimestampMs(deb.time().instant().toEpochMilli());
            maker.setTarLongFileMode("gnu");
            maker.setTarBigNumberMode("star");
            maker.validate();
            maker.makeDeb();
            return plain;
        } catch (PackagingException e) {
            throw failure[0] != null ? failure[0] : new IOException(rootMessage(e), e);
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    private void produce(DataConsumer consumer) throws IOException {
        for (Entry entry : deb.tree().entries()) {
            requireEncodable(entry);
            var header = header(entry);
            if (entry instanceof Entry.File file) {
                MessageDigest md5 = md5();
                header.setSize(file.content().size());
                try (InputStream in = new DigestInputStream(file.content().open(), md5)) {
                    consumer.onEachFile(in, header);
                } catch (IOException e) {
                    throw new IOException("cannot pack " + entry.path() + " from " + file.content() + ": " + e.getMessage(), e);
                }
                md5sums.put(entry.path(), HexFormat.of().formatHex(md5.digest()));
            } else if (entry instanceof Entry.Link) {
                consumer.onEachLink(header);
            } else {
                consumer.onEachDir(header);
            }
        }
    }

    /** jdeb encodes names as the JVM does, dpkg wants UTF-8 on every machine. */
    private static void requireEncodable(Entry entry) throws IOException {
        String names = entry instanceof Entry.Link link ? entry.path() + link.target() : entry.path().value();
        boolean ascii = names.chars().allMatch(c -> c < 0x80);
        if (!ascii && !Charset.defaultCharset().equals(UTF_8)) {
            throw new IOException("cannot pack " + entry.path() + ": its name is not ASCII and this JVM's file encoding is "
                    + Charset.defaultCharset() + "; run Maven with MAVEN_OPTS=-Dfile.encoding=UTF-8");
        }
    }

    private org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarArchiveEntry header(Entry entry) {
        String name = entry.path().tarName();
        boolean slash = entry instanceof Entry.Directory && !name.endsWith("/");
        var header = new org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarArchiveEntry(
                slash ? name + "/" : name,
                entry instanceof Entry.Link ? TarConstants.LF_SYMLINK : entry instanceof Entry.File ? TarConstants.LF_NORMAL : TarConstants.LF_DIR,
                true);
        if (entry instanceof Entry.Link link) {
            header.setLinkName(link.target());
        }
        header.setMode(entry.mode().bits());
        header.setIds(0, 0);
        header.setNames("root", "root");
        return header;
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    // ---- the finished file

    private Path finish(Path plain, Path work) throws IOException {
        Path finished = work.resolve(deb.fileName());
        try (FileChannel file = FileChannel.open(finished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                InputStream ar = Files.newInputStream(plain)) {
            file.write(ByteBuffer.wrap("!<arch>\n".getBytes(US_ASCII)));
            member(file, "debian-binary", out -> out.write("2.0\n".getBytes(US_ASCII)));
            byte[] control = controlTar();
            member(file, "control.tar" + compression.suffix(), out -> {
                try (OutputStream compressed = compression.compress(out, control.length)) {
                    compressed.write(control);
                }
            });
            ArReader members = new ArReader(ar, plain.toString());
            while (!members.next().startsWith("data.tar")) {
                // debian-binary and jdeb's control member
            }
            member(file, "data.tar" + compression.suffix(), out -> {
                try (OutputStream compressed = compression.compress(out, members.size())) {
                    members.content().transferTo(compressed);
                }
            });
        }
        return finished;
    }

    private interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /** One ar member: its header is written when its length is known. */
    private void member(FileChannel file, String name, Body body) throws IOException {
        long start = file.position();
        file.position(start + AR_HEADER);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
        body.writeTo(new FilterOutputStream(out) {
            @Override
            public void write(byte[] data, int offset, int count) throws IOException {
                out.write(data, offset, count);
            }

            @Override
            public void close() throws IOException {
                flush(); // the file has further members
            }
        });
        out.flush();
        long size = file.position() - start - AR_HEADER;
        if (size % 2 == 1) {
            file.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        String header = "%-16s%-12d%-6d%-6d%-8s%-10d`\n"
                .formatted(name, deb.time().instant().getEpochSecond(), 0, 0, "100644", size);
        if (header.length() != AR_HEADER) {
            throw new IOException("member " + name + " of " + deb.fileName() + " has " + size
                    + " bytes, more than the ten digits of deb(5) can say");
        }
        file.write(ByteBuffer.wrap(header.getBytes(US_ASCII)), start);
    }

    private byte[] controlTar() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, UTF_8.name())) {
            add(tar, "./", 0755, new byte[0]);
            for (Map.Entry<String, String> file : deb.controlFiles(md5sums).entrySet()) {
                boolean script = MaintainerScripts.NAMES.contains(file.getKey());
                add(tar, "./" + file.getKey(), script ? 0755 : 0644, file.getValue().getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private void add(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setMode(mode);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        entry.setModTime(deb.time().instant().toEpochMilli());
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** jdeb reports what the goal says better. */
    private static final class Silence implements Console {
        @Override
        public void debug(String message) {}

        @Override
        public void info(String message) {}

        @Override
        public void warn(String message) {}
    }
}
