package io.github.debianatomic.maven.compress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.FinishableOutputStream;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.check.CRC64;

/**
 * One stream of the .xz file format (version 1.2.1) with many blocks, as {@code xz -T} writes it: XZ for Java encodes the
 * blocks, which it can do only one after another by itself. The headers say the blocks' sizes, so that dpkg can unpack
 * them in parallel as well. Concatenated streams would be easier to make, but dpkg stops after the first.
 */
final class XzFormat implements BlockFormat {

    /** CRC64, as xz and dpkg-deb have it. */
    private static final byte[] STREAM_FLAGS = {0, 4};

    private static final byte[] MAGIC = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};
    private static final int LZMA2 = 0x21;

    private final LZMA2Options options;
    /** Pairs of unpadded and uncompressed size. */
    private final List<long[]> index = new ArrayList<>();

    XzFormat(LZMA2Options options) {
        this.options = options;
    }

    /** How long blocks are for a dictionary, as liblzma has it: short ones would cost size. */
    static long blockLength(LZMA2Options options) {
        return Math.max(1 << 20, 3L * options.getDictSize());
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        out.write(MAGIC);
        out.write(STREAM_FLAGS);
        out.write(crc32(STREAM_FLAGS));
    }

    @Override
    public Block encode(InputStream in, byte[] before, boolean last) throws IOException {
        Chunks compressed = new Chunks();
        CRC64 check = new CRC64();
        long length = 0;
        FinishableOutputStream lzma = options.getOutputStream(new FinishableWrapperOutputStream(compressed), BasicArrayCache.getInstance());
        byte[] buffer = new byte[1 << 14];
        for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
            check.update(buffer, 0, got);
            lzma.write(buffer, 0, got);
            length += got;
        }
        lzma.finish();
        return new Block(compressed, length, check.finish());
    }

    @Override
    public void write(Block block, OutputStream out) throws IOException {
        long size = block.compressed().size();
        byte[] header = header(size, block.length());
        out.write(header);
        block.compressed().writeTo(out);
        out.write(padding(size));
        out.write(block.check());
        index.add(new long[] {header.length + size + block.check().length, block.length()});
    }

    /** Block Header, with both sizes, 3.1. */
    private byte[] header(long compressed, long uncompressed) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.write(0);
        header.write(0xc0); // one filter, both sizes
        integer(header, compressed);
        integer(header, uncompressed);
        header.write(LZMA2);
        header.write(1);
        header.write(dictionary(options.getDictSize()));
        header.writeBytes(padding(header.size()));
        byte[] bytes = header.toByteArray();
        bytes[0] = (byte) (bytes.length / 4);
        return ByteBuffer.allocate(bytes.length + 4).put(bytes).put(crc32(bytes)).array();
    }

    /** 5.3.1: the smallest of 2^n and 2^n + 2^(n-1) that holds it. */
    private static int dictionary(int size) {
        int bits = 0;
        while (bits < 40 && (2L | bits & 1) << (bits / 2 + 11) < size) {
            bits++;
        }
        return bits;
    }

    @Override
    public void end(OutputStream out) throws IOException {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        records.write(0);
        integer(records, index.size());
        for (long[] record : index) {
            integer(records, record[0]);
            integer(records, record[1]);
        }
        records.writeBytes(padding(records.size()));
        byte[] bytes = records.toByteArray();
        out.write(bytes);
        out.write(crc32(bytes));
        byte[] footer = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN).putInt((bytes.length + 4) / 4 - 1).put(STREAM_FLAGS).array();
        out.write(crc32(footer));
        out.write(footer);
        out.write(new byte[] {'Y', 'Z'});
    }

    /** Multibyte Integer, 1.2: seven bits a byte, the least first. */
    private static void integer(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static byte[] padding(long size) {
        return new byte[(int) (-size & 3)];
    }

    private static byte[] crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue()).array();
    }
}
