package io.github.debianatomic.maven;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Archives for tests, entry by entry, compressed as their name says. */
public final class Archives {

    private Archives() {}

    public interface Body {
        void writeTo(TarArchiveOutputStream tar) throws IOException;
    }

    public static Path tar(Path archive, Body body) throws IOException {
        try (OutputStream out = compress(Files.newOutputStream(archive), archive.toString());
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, UTF_8.name())) {
            body.writeTo(tar);
        }
        return archive;
    }

    private static OutputStream compress(OutputStream out, String name) throws IOException {
        if (name.endsWith("gz")) {
            return new GZIPOutputStream(out);
        }
        if (name.endsWith(".xz")) {
            return new XZOutputStream(out, new LZMA2Options(1));
        }
        return name.endsWith(".zst") ? new ZstdOutputStream(out) : out;
    }

    public static void directory(TarArchiveOutputStream tar, String name, int mode) throws IOException {
        add(tar, new TarArchiveEntry(name, TarConstants.LF_DIR, true), mode, "");
    }

    public static void file(TarArchiveOutputStream tar, String name, int mode, String text) throws IOException {
        add(tar, new TarArchiveEntry(name, TarConstants.LF_NORMAL, true), mode, text);
    }

    /** A link, or anything else without content. */
    public static void link(TarArchiveOutputStream tar, String name, byte kind, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setLinkName(target);
        add(tar, entry, 0777, "");
    }

    private static void add(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, String text) throws IOException {
        entry.setMode(mode);
        entry.setSize(text.getBytes(UTF_8).length);
        tar.putArchiveEntry(entry);
        tar.write(text.getBytes(UTF_8));
        tar.closeArchiveEntry();
    }
}
