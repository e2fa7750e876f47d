package io.github.debianatomic.maven.deb;

import com.jcraft.jzlib.Deflater;
import com.jcraft.jzlib.DeflaterOutputStream;
import com.jcraft.jzlib.JZlib;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * gzip as {@code gzip -9n} frames it, RFC 1952: no name, no time, and the flag for best compression that lintian looks
 * for. Deflated in Java, because the JDK's own deflater is the platform's and gives other bytes on other machines.
 */
public final class Gzip extends FilterOutputStream {

    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 2, 3};

    private final OutputStream raw;
    private final CRC32 crc = new CRC32();
    private long length;

    Gzip(OutputStream raw) throws IOException {
        super(new DeflaterOutputStream(raw, new Deflater(JZlib.Z_BEST_COMPRESSION, 15, true), 1 << 16, false));
        this.raw = raw;
        raw.write(HEADER);
    }

    /** A whole file at once: changelogs and manual pages. */
    public static byte[] compress(byte[] data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new Gzip(bytes)) {
            gzip.write(data);
        }
        return bytes.toByteArray();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int count) throws IOException {
        out.write(data, offset, count);
        crc.update(data, offset, count);
        length += count;
    }

    @Override
    public void close() throws IOException {
        ((DeflaterOutputStream) out).finish();
        raw.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) crc.getValue())
                .putInt((int) length)
                .array());
        raw.close();
    }
}
