package io.github.debianatomic.maven.deb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads a deb(5) without jdeb: what was written is checked by other code than wrote it. */
public final class DebReader {

    private static final int CONTROL_LIMIT = 16 << 20;

    private DebReader() {}

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

    /**
     * A deb as it was read.
     *
     * @param members the ar members' names
     * @param control the control member's files
     * @param items the data member's entries in order
     */
    public record Contents(List<String> members, Map<String, String> control, List<Item> items) {

        /** Copies the collections. */
        public Contents {
            members = List.copyOf(members);
            items = List.copyOf(items);
        }

        /** @throws IOException naming the first difference from what should have been written */
        void requireSame(Deb deb, Map<InstallPath, String> md5sums) throws IOException {
            requireSame(deb, "control member", deb.controlFiles(md5sums), control);
            List<Item> expected = new ArrayList<>();
            for (Entry entry : deb.tree().entries()) {
                expected.add(item(entry, md5sums.get(entry.path()), deb.time().instant().getEpochSecond()));
            }
            for (int i = 0; i < Math.max(expected.size(), items.size()); i++) {
                requireSame(deb, "entry " + i, i < expected.size() ? expected.get(i) : "none", i < items.size() ? items.get(i) : "none");
            }
        }

        private static void requireSame(Deb deb, String what, Object expected, Object found) throws IOException {
            if (!expected.equals(found)) {
                throw new IOException("read back, " + deb.fileName() + " differs from what was to be written; " + what
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
                    "root/root 0:0",
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
        List<String> members = new ArrayList<>();
        Map<String, String> control = new LinkedHashMap<>();
        List<Item> items = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            ArReader ar = new ArReader(in, file.toString());
            for (String member = ar.next(); member != null; member = ar.next()) {
                members.add(member);
                if (member.startsWith("control.tar")) {
                    readTar(file, member, ar.content(), (entry, tar) -> {
                        if (entry.isFile()) {
                            if (entry.getSize() > CONTROL_LIMIT) {
                                throw new InvalidPackageException(file.toString(), "control file " + entry.getName() + " has "
                                        + entry.getSize() + " bytes; expected at most " + CONTROL_LIMIT);
                            }
                            control.put(entry.getName().replaceFirst("^\\./", ""), new String(tar.readAllBytes(), UTF_8));
                        }
                    });
                } else if (member.startsWith("data.tar")) {
                    readTar(file, member, ar.content(), (entry, tar) -> items.add(item(entry, tar)));
                }
            }
        }
        return new Contents(members, control, items);
    }

    private interface Visitor {
        void visit(TarArchiveEntry entry, InputStream content) throws IOException;
    }

    private static void readTar(Path file, String member, InputStream content, Visitor visitor) throws IOException {
        Compression compression = Compression.ofMember(member);
        if (compression == null) {
            throw new InvalidPackageException(file.toString(), "member " + member
                    + " has a compression this plugin cannot read; expected .xz, .gz, .zst or none");
        }
        try (TarArchiveInputStream tar = new TarArchiveInputStream(compression.decompress(content), UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                visitor.visit(entry, tar);
            }
        }
    }

    private static Item item(TarArchiveEntry entry, InputStream content) throws IOException {
        char type = entry.isSymbolicLink() ? 'l' : entry.isDirectory() ? 'd' : entry.isFile() && !entry.isLink() ? '-' : '?';
        return new Item(
                entry.getName(),
                type,
                new Mode(entry.getMode() & 07777),
                entry.getUserName() + "/" + entry.getGroupName() + " " + entry.getLongUserId() + ":" + entry.getLongGroupId(),
                entry.getLastModifiedTime().toMillis() / 1000,
                type == '-' ? entry.getSize() : 0,
                type == 'l' ? entry.getLinkName() : "",
                type == '-' ? md5(content) : "");
    }

    private static String md5(InputStream content) throws IOException {
        try {
            DigestInputStream digest = new DigestInputStream(content, MessageDigest.getInstance("MD5"));
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
