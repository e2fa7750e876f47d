package io.github.debianatomic.maven.compress;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.github.debianatomic.maven.InvalidPackageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.tukaani.xz.LZMA2Options;

/**
 * How a deb is compressed. All engines but liblzma give the same bytes on every machine and JDK and for every number of
 * threads.
 *
 * @param format the format of both members
 * @param level the format's level
 * @param engine who compresses xz
 */
public record Compressor(Compression format, int level, Engine engine) {

    /** Who compresses xz. Always the user's choice: their bytes differ. */
    public enum Engine {
        /** XZ for Java. */
        JAVA,
        /** The machine's liblzma. */
        NATIVE
    }

    /** Content of a member. */
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /** No level of the user's: bytes as they are. */
    private static final int STORED = -1;

    private static final int BUFFER = 1 << 17;

    /** What a goal and a JVM need beside the encoders. */
    private static final long HEAP_RESERVE = 64 << 20;

    /**
     * A match of that length is not searched for a longer one. xz's own 64 takes XZ for Java 2 to 5 % more time for 0.6 %
     * of the size; whoever asks for a level above 6 asks for the size.
     */
    private static final int NICE_LENGTH = 48;

    /** From here on a second block costs less than 1 % of the size and halves the time. */
    private static final double SPLIT = 2.0 / 3;

    /**
     * @param compression the parameter {@code compression}
     * @param level the parameter {@code compressionLevel}, or null
     * @param xz the parameter {@code xz}
     * @throws InvalidPackageException when one of them is unknown or does not fit the others
     */
    public static Compressor of(String compression, Integer level, String xz) {
        Compression format = Compression.of(compression);
        Engine engine = switch (xz) {
            case "java" -> Engine.JAVA;
            case "native" -> Engine.NATIVE;
            default -> throw new InvalidPackageException("xz", "'" + xz + "' is unknown; expected one of java, native");
        };
        return new Compressor(format, format.level(level), engine);
    }

    /** A format with its own level. */
    public static Compressor of(Compression format) {
        return new Compressor(format, format.level(null), Engine.JAVA);
    }

    /** The same format where it can store bytes as they are, so that their number alone decides the length; zstd cannot. */
    public Compressor stored() {
        return new Compressor(format == Compression.ZSTD ? Compression.XZ : format, STORED, Engine.JAVA);
    }

    /** What decides the bytes, for a record: with liblzma, its version too. */
    public String identity() {
        return this + (engine == Engine.NATIVE && format == Compression.XZ ? " by liblzma " + Liblzma.version() : "");
    }

    /** What the log says of it. */
    public String description() {
        return switch (format) {
            case NONE -> "uncompressed";
            case XZ -> "xz " + level + " by " + (engine == Engine.NATIVE ? Liblzma.version() : "Java");
            default -> format.parameter() + " " + level;
        };
    }

    /**
     * @param out is not closed
     * @param size how many bytes the body has
     * @param body what is compressed
     * @throws IOException when the body fails, or the machine has too little memory
     * @throws InvalidPackageException when liblzma is wanted and not there
     */
    public void compress(OutputStream out, long size, Body body) throws IOException {
        OutputStream sink = new Unclosed(out);
        int processors = Runtime.getRuntime().availableProcessors();
        switch (format) {
            case NONE -> body.writeTo(out);
            case GZIP -> {
                BlockOutputStream gzip = new BlockOutputStream(sink, new Gzip(Math.max(0, level)), size, blocks(size, Gzip.BLOCK_LENGTH), processors);
                through(gzip, gzip::abort, body);
            }
            case ZSTD -> {
                ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(sink, level);
                try (zstd) {
                    zstd.setWorkers(processors); // never 0: without a worker the bytes differ from those with any number of them
                    BufferedOutputStream buffer = new BufferedOutputStream(zstd, BUFFER); // tar writes 512 bytes at a time
                    body.writeTo(buffer);
                    buffer.flush();
                }
            }
            case XZ -> {
                LZMA2Options options = options(size);
                long blocks = blocks(size, XzFormat.blockLength(options));
                if (engine == Engine.NATIVE) {
                    Liblzma lzma = new Liblzma(sink, level, size, blocks, processors);
                    through(lzma, lzma::abort, body);
                } else {
                    BlockOutputStream xz = new BlockOutputStream(sink, new XzFormat(options), size, blocks, threads(options));
                    through(xz, xz::abort, body);
                }
            }
        }
    }

    private static void through(OutputStream encoder, Runnable abort, Body body) throws IOException {
        try {
            body.writeTo(encoder);
            encoder.close();
        } finally {
            abort.run();
        }
    }

    private LZMA2Options options(long size) throws IOException {
        LZMA2Options options = new LZMA2Options(level == STORED ? 0 : level);
        if (level == STORED) {
            options.setMode(LZMA2Options.MODE_UNCOMPRESSED);
        } else if (level == Compression.XZ.level(null)) {
            options.setNiceLen(NICE_LENGTH);
        }
        // a dictionary larger than the content costs 100 MB and no byte less
        options.setDictSize((int) Math.max(LZMA2Options.DICT_SIZE_MIN, Math.min(options.getDictSize(), size)));
        return options;
    }

    /** Of one length and, when there are several, an even number: no processor waits for the last one. */
    static long blocks(long size, long length) {
        return size < length * SPLIT ? 1 : 2 * ((size + 2 * length - 1) / (2 * length));
    }

    /** As many as there are processors and room for; the bytes do not depend on it. */
    private static int threads(LZMA2Options options) {
        Runtime runtime = Runtime.getRuntime();
        long each = (options.getEncoderMemoryUsage() + 1024L << 10) + XzFormat.blockLength(options) / 2;
        return (int) Math.max(1, Math.min(runtime.availableProcessors(), (runtime.maxMemory() - HEAP_RESERVE) / each));
    }

    /** The deb has further members. */
    private static final class Unclosed extends OutputStream {
        private final OutputStream out;

        Unclosed(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] data, int offset, int count) throws IOException {
            out.write(data, offset, count);
        }
    }
}
