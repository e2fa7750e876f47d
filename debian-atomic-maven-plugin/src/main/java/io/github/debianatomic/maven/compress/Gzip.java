package io.github.debianatomic.maven.compress;

import com.jcraft.jzlib.Deflater;
import com.jcraft.jzlib.JZlib;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * gzip, RFC 1952, as {@code gzip -n} frames it: no name and no time. Deflated in Java, because the JDK's own deflater is
 * the platform's and gives other bytes on other machines; in blocks that each know the 32 KiB before them and end on a
 * byte, which makes one stream of them.
 */
public class Gzip implements BlockFormat {

    /** How long blocks are: their ends cost nothing that shows. */
    static final long BLOCK_LENGTH = 1 << 20;

    /** The flag for the best compression, which lintian looks for in documentation; RFC 1952, XFL. */
    private static final int BEST = 2;

    private final int level;
    private final CrcOfAll crc = new CrcOfAll();

    Gzip(int level) {
        this.level = level;
    }

    /** A whole file at once, as {@code gzip -9n} would: changelogs and manual pages, Policy 12.1 and 12.7. */
    public static byte[] compress(byte[] data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Gzip gzip = new Gzip(JZlib.Z_BEST_COMPRESSION);
        gzip.begin(bytes);
        gzip.write(gzip.encode(new ByteArrayInputStream(data), new byte[0], true), bytes);
        gzip.end(bytes);
        return bytes.toByteArray();
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        out.write(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, (byte) (level == JZlib.Z_BEST_COMPRESSION ? BEST : 0), 3});
    }

    @Override
    public Block encode(InputStream in, byte[] before, boolean last) throws IOException {
        Deflater deflater = new Deflater(level, 15, true);
        if (before.length > 0) { // jzlib takes no dictionary for a stream without zlib's header
            deflater.setInput(before, 0, before.length, false);
            drain(deflater, JZlib.Z_SYNC_FLUSH, new Chunks());
        }
        Chunks compressed = new Chunks();
        CRC32 check = new CRC32();
        long length = 0;
        byte[] buffer = new byte[1 << 16];
        for (int got = in.readNBytes(buffer, 0, buffer.length); got > 0; got = in.readNBytes(buffer, 0, buffer.length)) {
            check.update(buffer, 0, got);
            length += got;
            deflater.setInput(buffer, 0, got, false);
            drain(deflater, JZlib.Z_NO_FLUSH, compressed);
        }
        drain(deflater, last ? JZlib.Z_FINISH : JZlib.Z_SYNC_FLUSH, compressed);
        deflater.end();
        return new Block(compressed, length, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) check.getValue()).array());
    }

    private static void drain(Deflater deflater, int flush, Chunks out) throws IOException {
        byte[] buffer = new byte[1 << 15];
        int result;
        do {
            deflater.setOutput(buffer, 0, buffer.length);
            result = deflater.deflate(flush);
            if (result != JZlib.Z_OK && result != JZlib.Z_STREAM_END && result != JZlib.Z_BUF_ERROR) {
                throw new IOException("jzlib failed: " + deflater.getMessage());
            }
            out.write(buffer, 0, buffer.length - deflater.getAvailOut());
        } while (deflater.getAvailOut() == 0 && result != JZlib.Z_STREAM_END);
    }

    @Override
    public void write(Block block, OutputStream out) throws IOException {
        block.compressed().writeTo(out);
        crc.append(ByteBuffer.wrap(block.check()).order(ByteOrder.LITTLE_ENDIAN).getInt(), block.length());
    }

    @Override
    public void end(OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(crc.value).putInt((int) crc.length).array());
    }

    /** The CRC of joined blocks from theirs: jzlib has zlib's crc32_combine. */
    private static final class CrcOfAll {
        private int value;
        private long length;

        void append(int crc, long count) {
            value = (int) JZlib.crc32_combine(value & 0xffffffffL, crc & 0xffffffffL, count);
            length += count;
        }
    }
}
