package io.github.debianatomic.maven.compress;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.github.debianatomic.maven.InvalidPackageException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The machine's own liblzma, for whoever asks for it: it takes three quarters of the time of XZ for Java, and its bytes
 * are those of {@code xz -T} in the same version. Called through JNA, which JDK 17 needs for it; the offsets below are
 * those of {@code lzma/base.h} and {@code lzma/container.h} on machines of 64 bits.
 */
final class Liblzma extends OutputStream {

    private static final String[] NAMES = {"liblzma.so.5", "lzma", "liblzma-5", "liblzma"};

    private static final int RUN = 0;
    private static final int FINISH = 3;
    private static final int OK = 0;
    private static final int STREAM_END = 1;
    private static final int MEM_ERROR = 5;
    private static final int CRC64 = 4;
    private static final int BUFFER = 1 << 18;

    private final OutputStream sink;
    private final NativeLibrary library = load();
    private final Memory stream = new Memory(256);
    private final Memory in = new Memory(BUFFER);
    private final Memory out = new Memory(BUFFER);
    private final byte[] copy = new byte[BUFFER];
    private boolean ended;

    /**
     * @param sink closed at the end
     * @param level 0 to 9
     * @param size how many bytes will be written
     * @param blocks how many blocks they are cut into
     * @param threads how many of those are compressed at once; the bytes do not depend on it
     * @throws InvalidPackageException when there is no liblzma, with how to get it
     */
    Liblzma(OutputStream sink, int level, long size, long blocks, int threads) throws IOException {
        this.sink = sink;
        stream.clear();
        Memory options = new Memory(256); // lzma_mt, with room for what later versions add
        options.clear();
        options.setInt(4, threads);
        options.setLong(8, Math.max(4096, (size + blocks - 1) / blocks));
        options.setInt(20, level);
        options.setInt(32, CRC64);
        require(call("lzma_stream_encoder_mt", stream, options), OK);
        stream.setPointer(24, out);
        stream.setLong(32, BUFFER);
    }

    /** The library's name and version, for the log. */
    static String version() {
        return "liblzma " + load().getFunction("lzma_version_string").invokeString(new Object[0], false);
    }

    private static NativeLibrary load() {
        String why = "";
        for (String name : NAMES) {
            try {
                if (Native.POINTER_SIZE != 8) {
                    throw new InvalidPackageException("xz", "'native' needs a JVM of 64 bits; set <xz> to java");
                }
                return NativeLibrary.getInstance(name);
            } catch (LinkageError e) { // not there, or JNA's own part cannot be loaded
                why = why.isEmpty() ? String.valueOf(e.getMessage()).lines().findFirst().orElse("") : why;
            }
        }
        throw new InvalidPackageException("xz", "'native' needs liblzma, which could not be loaded (" + why + "); install it (Debian: liblzma5,"
                + " Fedora: xz-libs, macOS: xz with -Djna.library.path to its lib directory), or set <xz> to java");
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int count) throws IOException {
        for (int done = 0; done < count; done += BUFFER) {
            int step = Math.min(BUFFER, count - done);
            in.write(0, data, offset + done, step);
            stream.setPointer(0, in);
            stream.setLong(8, step);
            while (stream.getLong(8) > 0) {
                require(call("lzma_code", stream, RUN), OK);
                drain(false);
            }
        }
    }

    private void drain(boolean all) throws IOException {
        long room = stream.getLong(32);
        if (room == 0 || all) {
            int filled = (int) (BUFFER - room);
            out.read(0, copy, 0, filled);
            sink.write(copy, 0, filled);
            stream.setPointer(24, out);
            stream.setLong(32, BUFFER);
        }
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            return;
        }
        try {
            stream.setLong(8, 0);
            int result;
            do {
                result = call("lzma_code", stream, FINISH);
                if (result != STREAM_END) {
                    require(result, OK);
                }
                drain(result == STREAM_END);
            } while (result != STREAM_END);
            sink.close();
        } finally {
            abort();
        }
    }

    /** Gives back the library's memory and threads. */
    void abort() {
        if (!ended) {
            ended = true;
            library.getFunction("lzma_end").invokeVoid(new Object[] {stream});
        }
    }

    private int call(String name, Object... arguments) {
        return library.getFunction(name).invokeInt(arguments);
    }

    private static void require(int result, int expected) throws IOException {
        if (result != expected) {
            throw new IOException(result == MEM_ERROR
                    ? "liblzma got no memory; lower <compressionLevel>, or set <xz> to java"
                    : "liblzma failed with lzma_ret " + result + "; set <xz> to java");
        }
    }
}
