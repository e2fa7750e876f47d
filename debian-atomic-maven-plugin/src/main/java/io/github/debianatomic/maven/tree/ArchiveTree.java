package io.github.debianatomic.maven.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStream;
import io.github.debianatomic.maven.InvalidPackageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/** An archive as entries. Contents are unpacked to files of their own, so that a large one never sits in memory. */
public final class ArchiveTree {

    /** The endings that are read as archives. */
    public static final List<String> ENDINGS = List.of(".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".zip", ".jar");

    /** Whether the file's ending is one of {@link #ENDINGS}. */
    public static boolean isArchive(Path file) {
        return ENDINGS.stream().anyMatch(file.getFileName().toString()::endsWith);
    }

    private static final int XZ_LIMIT_KIB = 256 * 1024;

    private final String source;
    private final Path unpacked;
    private final Map<InstallPath, Entry> entries = new LinkedHashMap<>();
    private int files;

    private ArchiveTree(String source, Path unpacked) {
        this.source = source;
        this.unpacked = unpacked;
    }

    /**
     * @param archive a tar, compressed or not, or a zip, told by the file's ending
     * @param source its name in messages
     * @param unpacked a directory for the contents; it must live as long as the entries
     * @return its files, links and directories; what no package may hold is refused
     * @throws IOException when it cannot be read, or its contents not written
     * @throws InvalidPackageException when it is no such archive or truncated, and for names that leave the root
     */
    public static List<Entry> read(Path archive, String source, Path unpacked) throws IOException {
        Files.createDirectories(unpacked);
        ArchiveTree tree = new ArchiveTree(source, unpacked);
        String name = archive.getFileName().toString();
        try {
            if (name.endsWith(".zip") || name.endsWith(".jar")) {
                tree.readZip(archive);
            } else {
                tree.readTar(archive, name);
            }
        } catch (FileSystemException e) {
            throw e; // the machine's: no space, no permission
        } catch (IOException e) {
            throw new InvalidPackageException(source, "cannot be unpacked (" + e.getMessage()
                    + "); it is cut or no archive of its ending, so build or download it again");
        }
        return List.copyOf(tree.entries.values());
    }

    private void readTar(Path archive, String name) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
                TarArchiveInputStream tar = new TarArchiveInputStream(decompress(in, name), UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                InstallPath path = path(entry.getName());
                // asked first: to commons-compress they are files as well
                if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
                    refuse(path, "entry " + entry.getName() + " is neither a file, a link nor a directory; leave it out");
                } else if (entry.isDirectory()) {
                    add(entry.getName(), new Entry.Directory(path, Mode.DIRECTORY));
                } else if (entry.isSymbolicLink()) {
                    addLink(entry.getName(), path, entry.getLinkName());
                } else if (entry.isLink()) {
                    // dpkg cannot be given one by us; the same content twice means the same
                    if (entries.get(path(entry.getLinkName())) instanceof Entry.File target) {
                        add(entry.getName(), new Entry.File(path, target.mode(), target.content()));
                    } else {
                        refuse(path, "hard link " + entry.getName() + " leads to " + entry.getLinkName() + ", which is no file before it in the archive");
                    }
                } else {
                    add(entry.getName(), new Entry.File(path, mode(entry.getMode()), unpack(tar)));
                }
            }
        }
    }

    private static InputStream decompress(InputStream in, String name) throws IOException {
        if (name.endsWith("gz")) {
            return new GZIPInputStream(in);
        }
        if (name.endsWith(".xz")) {
            return new XZInputStream(in, XZ_LIMIT_KIB);
        }
        return name.endsWith(".zst") ? new ZstdInputStream(in) : in;
    }

    private void readZip(Path archive) throws IOException {
        try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                InstallPath path = path(entry.getName());
                if (entry.isDirectory()) {
                    add(entry.getName(), new Entry.Directory(path, Mode.DIRECTORY));
                } else if (entry.isUnixSymlink()) {
                    addLink(entry.getName(), path, zip.getUnixSymlink(entry));
                } else {
                    try (InputStream in = zip.getInputStream(entry)) {
                        Content content = unpack(in);
                        // a zip made on Windows has no modes
                        Mode mode = entry.getUnixMode() == 0 ? DiskTree.guess(content) : mode(entry.getUnixMode());
                        add(entry.getName(), new Entry.File(path, mode, content));
                    }
                }
            }
        }
    }

    private static Mode mode(int bits) {
        return new Mode(bits & 07777).isExecutable() ? Mode.EXECUTABLE : Mode.FILE;
    }

    private Content unpack(InputStream in) throws IOException {
        Path file = unpacked.resolve(Integer.toString(files++));
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                write(out, buffer, got, file);
            }
        }
        return Content.of(file);
    }

    /** What the disk says is not the archive's fault. */
    private static void write(OutputStream out, byte[] buffer, int count, Path file) throws IOException {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            FileSystemException failed = new FileSystemException(file.toString(), null, e.getMessage());
            failed.initCause(e);
            throw failed;
        }
    }

    private static String relative(String name) {
        return name.replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
    }

    private InstallPath path(String name) {
        String relative = relative(name);
        try {
            return InstallPath.resembling(relative.equals(".") || relative.isEmpty() ? "/" : "/" + relative);
        } catch (InvalidPackageException e) {
            throw e.at(source);
        }
    }

    private void addLink(String name, InstallPath path, String target) {
        try {
            add(name, new Entry.Link(path, target));
        } catch (InvalidPackageException e) {
            entries.put(path, new Entry.Refused(path, e.at(source)));
        }
    }

    private void add(String name, Entry entry) {
        try {
            new InstallPath("/" + relative(name).replaceFirst("^\\.$", ""));
        } catch (InvalidPackageException e) {
            entries.put(entry.path(), new Entry.Refused(entry.path(), e.at(source)));
            return;
        }
        Entry other = entries.put(entry.path(), entry);
        if (other != null && !(other instanceof Entry.Directory)) {
            refuse(entry.path(), "path " + entry.path() + " comes twice; keep one of them");
        }
    }

    private void refuse(InstallPath path, String why) {
        entries.put(path, new Entry.Refused(path, new InvalidPackageException(source, why)));
    }
}
