package io.github.debianatomic.maven.deb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.compress.Compression;
import io.github.debianatomic.maven.tree.Mode;
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

    /** How many bytes of a file's beginning are kept, by its name as the archive spells it. */
    public interface Keep {
        int bytes(String name);
    }

    /**
     * @param file a deb
     * @return all of it but the files' bytes, which pass by in a stream
     * @throws IOException when the file cannot be read
     * @throws InvalidPackageException when it is not a deb, or a broken one
     */
    public static DebContents read(Path file) throws IOException {
        return read(file, name -> 0);
    }

    /**
     * @param file a deb
     * @param keep what to keep of the files' bytes
     * @return all of it but the rest of the files' bytes, which pass by in a stream
     * @throws IOException when the file cannot be read
     * @throws InvalidPackageException when it is not a deb, or a broken one, or unpacks without end
     */
    public static DebContents read(Path file, Keep keep) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new DebReader(file.toString(), keep).read(new ArReader(in, file.toString()));
        }
    }

    private DebContents read(ArReader ar) throws IOException {
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
        return new DebContents(members, format, control, controlItems, items, kept);
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
        try (UnpackingGuard unpacked = new UnpackingGuard(compression.decompress(ar.content()), source, member, ar.size());
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

    /** To commons-compress devices and pipes are files as well. */
    private static boolean isPlain(TarArchiveEntry entry) {
        return entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()
                && !entry.isCharacterDevice() && !entry.isBlockDevice() && !entry.isFIFO();
    }

    private static Item item(TarArchiveEntry entry, String md5) {
        Item.Kind kind = entry.isSymbolicLink() ? Item.Kind.LINK
                : entry.isDirectory() ? Item.Kind.DIRECTORY
                : isPlain(entry) ? Item.Kind.FILE : Item.Kind.OTHER;
        return new Item(
                entry.getName(),
                kind,
                new Mode(entry.getMode() & 07777),
                new Owner(entry.getUserName(), entry.getGroupName(), entry.getLongUserId(), entry.getLongGroupId()),
                entry.getLastModifiedTime().toMillis() / 1000,
                kind == Item.Kind.FILE ? entry.getSize() : 0,
                kind == Item.Kind.LINK ? entry.getLinkName() : "",
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
