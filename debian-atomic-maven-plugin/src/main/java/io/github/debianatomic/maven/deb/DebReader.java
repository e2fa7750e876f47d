package io.github.debianatomic.maven.deb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.compress.Compression;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads a deb(5) without jdeb: what was written is checked by other code than wrote it. The file may be anybody's, so
 * what it can make this hold in memory, or unpack, is limited.
 */
public final class DebReader {

    private static final int CONTROL_LIMIT = 16 << 20;

    /** Some way above Debian's largest packages. */
    private static final int ENTRY_LIMIT = 250_000;

    /** dpkg's names are at most 4096 bytes long; twice that, and the blocks around them. */
    private static final int HEADER_LIMIT = 16 << 10;

    /** Of all entries together. */
    private static final long HEADERS_LIMIT = 192 << 20;

    /** Up to here everything is unpacked. */
    private static final long UNPACKED_FLOOR = 1L << 30;

    /** Above the floor: how much larger than the member. gzip cannot do more than 1032, a real system stays below 20. */
    private static final int UNPACKED_RATIO = 200;

    private static final String OWNER = "root/root 0:0";
    private static final int KEPT_LIMIT = 64 << 20;
    private static final int MEMBER_LIMIT = 16;

    private final String source;
    private final Keep keep;
    private final List<String> members = new ArrayList<>();
    private final Map<String, String> control = new LinkedHashMap<>();
    private final List<Item> controlItems = new ArrayList<>();
    private final List<Item> items = new ArrayList<>();
    private final Map<String, byte[]> kept = new HashMap<>();
    private String format = "";
    private long controlSize;
    private long keptSize;

    private DebReader(String source, Keep keep) {
        this.source = source;
        this.keep = keep;
    }

    /**
     * One entry of the data member.
     *
     * @param name as the archive spells it, {@code ./usr/lib/}
     * @param type {@code -}, {@code d}, {@code l}, or {@code ?} for what a package of ours never has
     * @param mode the permission bits
     * @param owner {@code user/group uid:gid}
     * @param time seconds since 1970
     * @param size of a file
     * @param target of a link, or empty
     * @param md5 of a file's content, or empty
     */
    public record Item(
            String name, char type, Mode mode, String owner, long time, long size, String target, String md5) {}

    /** How many bytes of a file's beginning are kept, by its name as the archive spells it. */
    public interface Keep {
        int bytes(String name);
    }

    /**
     * A deb as it was read.
     *
     * @param members the ar members' names
     * @param format the text of member debian-binary, or empty
     * @param control the control member's files
     * @param controlItems the control member's entries in order
     * @param items the data member's entries in order
     * @param kept the beginnings of files by their names, as they were asked for
     */
    public record Contents(
            List<String> members,
            String format,
            Map<String, String> control,
            List<Item> controlItems,
            List<Item> items,
            Map<String, byte[]> kept) {

        /** Copies the collections. */
        public Contents {
            members = List.copyOf(members);
            control = Collections.unmodifiableMap(new LinkedHashMap<>(control));
            controlItems = List.copyOf(controlItems);
            items = List.copyOf(items);
            kept = Map.copyOf(kept);
        }

        /**
         * What reading a deb would give.
         *
         * @param deb what is written
         * @param md5sums the digests of its files
         * @param members the ar members' names
         * @param keep what of the files' bytes is kept
         * @throws IOException when a file whose bytes are kept cannot be read
         */
        static Contents expected(Deb deb, Map<InstallPath, String> md5sums, List<String> members, Keep keep) throws IOException {
            long time = deb.time().instant().getEpochSecond();
            Map<String, String> control = deb.controlFiles(md5sums);
            List<Item> controlItems = new ArrayList<>();
            controlItems.add(new Item("./", 'd', Mode.DIRECTORY, OWNER, time, 0, "", ""));
            control.forEach((name, text) -> controlItems.add(new Item("./" + name, '-',
                    deb.scripts().containsKey(name) ? Mode.EXECUTABLE : Mode.FILE, OWNER, time, text.getBytes(UTF_8).length, "", "")));
            List<Item> items = new ArrayList<>();
            Map<String, byte[]> kept = new HashMap<>();
            for (Entry entry : deb.tree().entries()) {
                Item item = item(entry, md5sums.get(entry.path()), time);
                items.add(item);
                int wanted = entry instanceof Entry.File ? keep.bytes(item.name()) : 0;
                if (wanted > 0) {
                    kept.put(item.name(), ((Entry.File) entry).content().start(wanted));
                }
            }
            return new Contents(members, "2.0\n", control, controlItems, items, kept);
        }

        /**
         * @param found what was read
         * @param file its name in the message
         * @throws IOException naming the first difference from this
         */
        void requireSame(Contents found, String file) throws IOException {
            requireSame(file, "member names", members, found.members);
            requireSame(file, "member debian-binary", format, found.format);
            requireSame(file, "control member", control, found.control);
            requireSame(file, "entry of the control member", controlItems, found.controlItems);
            requireSame(file, "entry", items, found.items);
        }

        private static void requireSame(String file, String what, List<?> expected, List<?> found) throws IOException {
            for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
                requireSame(file, what + " " + i, i < expected.size() ? expected.get(i) : "none", i < found.size() ? found.get(i) : "none");
            }
        }

        private static void requireSame(String file, String what, Object expected, Object found) throws IOException {
            if (!expected.equals(found)) {
                throw new IOException("read back, " + file + " differs from what was to be written; " + what
                        + ": expected " + expected + ", found " + found
                        + ". Check the disk, then report it as a bug of the plugin");
            }
        }

        private static Item item(Entry entry, String md5, long time) {
            boolean file = entry instanceof Entry.File;
            boolean link = entry instanceof Entry.Link;
            String name = entry.path().tarName();
            return new Item(
                    !file && !link && !name.endsWith("/") ? name + "/" : name,
                    file ? '-' : link ? 'l' : 'd',
                    entry.mode(),
                    OWNER,
                    time,
                    entry instanceof Entry.File f ? f.content().size() : 0,
                    entry instanceof Entry.Link l ? l.target() : "",
                    file ? md5 : "");
        }
    }

    /**
     * @param file a deb
     * @return all of it but the files' bytes, which pass by in a stream
     * @throws IOException when the file cannot be read
     * @throws InvalidPackageException when it is not a deb, or a broken one
     */
    public static Contents read(Path file) throws IOException {
        return read(file, name -> 0);
    }

    /**
     * @param file a deb
     * @param keep what to keep of the files' bytes
     * @return all of it but the rest of the files' bytes, which pass by in a stream
     * @throws IOException when the file cannot be read
     * @throws InvalidPackageException when it is not a deb, or a broken one, or unpacks without end
     */
    public static Contents read(Path file, Keep keep) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new DebReader(file.toString(), keep).read(new ArReader(in, file.toString()));
        }
    }

    private Contents read(ArReader ar) throws IOException {
        for (String member = ar.next(); member != null; member = ar.next()) {
            members.add(member);
            if (members.size() > MEMBER_LIMIT) {
                throw new InvalidPackageException(source, "has more than " + MEMBER_LIMIT + " ar members; deb(5) has three");
            }
            if (member.equals("debian-binary")) {
                format = new String(ar.content().readNBytes(16), UTF_8);
            } else if (member.startsWith("control.tar")) {
                readTar(member, ar, this::control);
            } else if (member.startsWith("data.tar")) {
                readTar(member, ar, (entry, content) -> items.add(item(entry, isPlain(entry) ? md5(entry.getName(), content) : "")));
            }
        }
        return new Contents(members, format, control, controlItems, items, kept);
    }

    private void control(TarArchiveEntry entry, InputStream content) throws IOException {
        controlItems.add(item(entry, ""));
        if (entry.isFile()) {
            controlSize += entry.getSize();
            if (controlSize > CONTROL_LIMIT) {
                throw new InvalidPackageException(source, "control file " + entry.getName() + " has "
                        + entry.getSize() + " bytes; expected at most " + CONTROL_LIMIT + " in all control files");
            }
            control.put(entry.getName().replaceFirst("^\\./", ""), new String(content.readAllBytes(), UTF_8));
        }
    }

    private interface Visitor {
        void visit(TarArchiveEntry entry, InputStream content) throws IOException;
    }

    private void readTar(String member, ArReader ar, Visitor visitor) throws IOException {
        Compression compression = Compression.ofMember(member);
        if (compression == null) {
            throw new InvalidPackageException(source, "member " + member
                    + " has a compression this plugin cannot read; expected .xz, .gz, .zst or none");
        }
        try (Unpacked unpacked = new Unpacked(compression.decompress(ar.content()), member, ar.size());
                TarArchiveInputStream tar = new TarArchiveInputStream(unpacked, UTF_8.name())) {
            int entries = 0;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (++entries > ENTRY_LIMIT) {
                    throw new InvalidPackageException(source, "member " + member + " has more than " + ENTRY_LIMIT + " entries");
                }
                if (entry.isSparse()) {
                    throw new InvalidPackageException(source, "member " + member + " has the sparse file " + entry.getName()
                            + ", which dpkg cannot unpack");
                }
                unpacked.inHeader(false);
                visitor.visit(entry, tar);
                tar.transferTo(OutputStream.nullOutputStream()); // of kinds that have no content, and may claim to have some
                unpacked.inHeader(true);
            }
            unpacked.inHeader(false);
            unpacked.transferTo(OutputStream.nullOutputStream()); // the end of the compressed stream proves that all came through
        } catch (CharacterCodingException e) {
            throw new InvalidPackageException(source, "member " + member + " has a file name that is not UTF-8 (Debian Policy 10.10)");
        } catch (IOException | IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            // what the decoders and the tar reader throw at bytes that make no sense
            throw new InvalidPackageException(source, "member " + member + " cannot be unpacked (" + e.getMessage()
                    + "); build or fetch the file again");
        }
    }

    /** Counts, and gives up on what only a bomb does. */
    private final class Unpacked extends FilterInputStream {
        private final String member;
        private final long limit;
        private long count;
        private boolean inHeader = true;
        private long header;
        private long headers;

        Unpacked(InputStream in, String member, long size) {
            super(in);
            this.member = member;
            this.limit = UNPACKED_FLOOR + UNPACKED_RATIO * size;
        }

        /** Whether what follows describes an entry, which the tar reader takes into memory, or is a file's. */
        void inHeader(boolean now) {
            headers += header;
            header = 0;
            inHeader = now;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int got = super.read(buffer, offset, length);
            count += Math.max(got, 0);
            header += inHeader ? Math.max(got, 0) : 0;
            if (count > limit) {
                throw new InvalidPackageException(source, "member " + member + " unpacks to more than " + limit
                        + " bytes, which is what a decompression bomb does; expected a package");
            }
            if (header > HEADER_LIMIT || headers + header > HEADERS_LIMIT) {
                throw new InvalidPackageException(source, "member " + member
                        + " has entries whose names or attributes are longer than dpkg takes; expected names of at most 4096 bytes");
            }
            return got;
        }

        @Override
        public long skip(long n) throws IOException {
            byte[] buffer = new byte[(int) Math.min(n, 1 << 13)];
            return buffer.length == 0 ? 0 : Math.max(read(buffer, 0, buffer.length), 0);
        }
    }

    /** To commons-compress devices and pipes are files as well. */
    private static boolean isPlain(TarArchiveEntry entry) {
        return entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()
                && !entry.isCharacterDevice() && !entry.isBlockDevice() && !entry.isFIFO();
    }

    private static Item item(TarArchiveEntry entry, String md5) {
        char type = entry.isSymbolicLink() ? 'l' : entry.isDirectory() ? 'd' : isPlain(entry) ? '-' : '?';
        return new Item(
                entry.getName(),
                type,
                new Mode(entry.getMode() & 07777),
                entry.getUserName() + "/" + entry.getGroupName() + " " + entry.getLongUserId() + ":" + entry.getLongGroupId(),
                entry.getLastModifiedTime().toMillis() / 1000,
                type == '-' ? entry.getSize() : 0,
                type == 'l' ? entry.getLinkName() : "",
                md5);
    }

    private String md5(String name, InputStream content) throws IOException {
        try {
            DigestInputStream digest = new DigestInputStream(content, MessageDigest.getInstance("MD5"));
            int wanted = keep.bytes(name);
            if (wanted > 0) {
                byte[] beginning = digest.readNBytes(wanted);
                keptSize += beginning.length;
                if (keptSize > KEPT_LIMIT) {
                    throw new InvalidPackageException(source, "has more than " + KEPT_LIMIT + " bytes of configuration to check");
                }
                kept.put(name, beginning);
            }
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
