package io.github.debianatomic.maven.compress;

import io.github.debianatomic.maven.compress.BlockFormat.Block;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Cuts what is written into blocks of one length, has several compressed at once and writes them in their order. The
 * bytes depend on the length alone, never on the number of threads.
 *
 * <p>A block is compressed while it is still being filled, so that what waits in memory is one block and a little more,
 * whatever the payload: as soon as a thread is free it finds the next block's first bytes.
 */
final class BlockOutputStream extends OutputStream {

    private static final int PIECE = 1 << 18;
    private static final int BEFORE = 32 << 10;
    private static final byte[] END = {};

    /**
     * How many blocks all goals of this JVM compress at once, also under {@code mvn -T}: each costs an encoder's memory.
     * Taken by the writing thread in the blocks' order, so that a block that waits never holds up one before it.
     */
    private static final Semaphore ENCODERS = new Semaphore(Runtime.getRuntime().availableProcessors());

    private final OutputStream sink;
    private final BlockFormat format;
    private final long blockLength;
    private final long blocks;
    private final int threads;
    private final ExecutorService pool;
    private final Semaphore room;
    private final Semaphore free;
    private final Deque<Future<Block>> pending = new ArrayDeque<>();
    private volatile boolean failed;
    private boolean closed;

    private byte[] piece = new byte[PIECE];
    private int used;
    private long left;
    private long started;
    private byte[] before = {};
    private BlockingQueue<byte[]> queue;

    /**
     * @param sink closed at the end
     * @param format what a block looks like
     * @param size how many bytes will be written
     * @param blocks how many blocks they are cut into
     * @param threads how many blocks are compressed at once
     */
    BlockOutputStream(OutputStream sink, BlockFormat format, long size, long blocks, int threads) throws IOException {
        this.sink = sink;
        this.format = format;
        this.blocks = Math.max(1, blocks);
        this.blockLength = Math.max(1, (size + this.blocks - 1) / this.blocks);
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "debian-atomic-compress");
            thread.setDaemon(true);
            return thread;
        });
        this.room = new Semaphore((int) Math.min(1 << 16, blockLength / PIECE + 1 + (8 << 20) / PIECE));
        this.free = new Semaphore(threads);
        format.begin(sink);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int count) throws IOException {
        int done = 0;
        while (done < count) {
            if (left == 0) {
                startBlock();
            }
            int step = (int) Math.min(Math.min(count - done, PIECE - used), left);
            System.arraycopy(data, offset + done, piece, used, step);
            used += step;
            left -= step;
            done += step;
            if (used == PIECE || left == 0) {
                pass();
            }
        }
    }

    /** Hands the piece over to the block's encoder. */
    private void pass() throws IOException {
        acquire(room);
        requireAlive();
        byte[] full = used == PIECE ? piece : Arrays.copyOf(piece, used);
        before = Arrays.copyOfRange(full, Math.max(0, full.length - BEFORE), full.length);
        queue.add(full);
        piece = full == piece ? new byte[PIECE] : piece;
        used = 0;
        if (left == 0) {
            queue.add(END);
        }
    }

    private void startBlock() throws IOException {
        while (pending.size() > threads + 1 || !pending.isEmpty() && pending.peek().isDone()) {
            writeFirst();
        }
        acquire(free);
        requireAlive();
        acquire(ENCODERS);
        started++;
        boolean last = started == blocks;
        left = last ? Long.MAX_VALUE : blockLength; // whatever else comes belongs to the last one
        BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
        byte[] preceding = before;
        queue = pieces;
        pending.add(pool.submit(() -> {
            try {
                return format.encode(new Pieces(pieces), preceding, last);
            } catch (IOException | RuntimeException | Error e) {
                failed = true;
                room.release(1 << 20); // the writing thread may wait for a block that nobody reads any more
                throw e;
            } finally {
                ENCODERS.release();
                free.release();
            }
        }));
    }

    private static void acquire(Semaphore semaphore) throws IOException {
        try {
            semaphore.acquire();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void requireAlive() throws IOException {
        while (failed && !pending.isEmpty()) {
            writeFirst(); // one of them throws what went wrong
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while compressing");
    }

    private void writeFirst() throws IOException {
        try {
            format.write(pending.remove().get(), sink);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OutOfMemoryError full) {
                throw new IOException("the heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB is too small to compress with; give Maven a"
                        + " larger one (MAVEN_OPTS=-Xmx1g), or lower <compressionLevel>", full);
            }
            throw e.getCause() instanceof IOException io ? io : new IOException(String.valueOf(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Ends the stream. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (started == 0) {
                startBlock();
            }
            if (used > 0) {
                pass();
            }
            queue.add(END);
            while (!pending.isEmpty()) {
                writeFirst();
            }
            format.end(sink);
            sink.close();
        } finally {
            abort();
        }
    }

    /** Stops without an end: what was written is of no use. To be called when nothing more will come. */
    void abort() {
        closed = true;
        pool.shutdownNow();
    }

    /** A block's bytes as its encoder reads them. */
    private final class Pieces extends InputStream {
        private final BlockingQueue<byte[]> queue;
        private byte[] piece = {};
        private int position;

        Pieces(BlockingQueue<byte[]> queue) {
            this.queue = queue;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (position == piece.length && piece != END) {
                if (position > 0) {
                    room.release();
                }
                piece = take();
                position = 0;
            }
            if (piece == END) {
                return -1;
            }
            int step = Math.min(count, piece.length - position);
            System.arraycopy(piece, position, buffer, offset, step);
            position += step;
            return step;
        }

        private byte[] take() throws IOException {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                throw new InterruptedIOException("compression was given up");
            }
        }
    }
}
