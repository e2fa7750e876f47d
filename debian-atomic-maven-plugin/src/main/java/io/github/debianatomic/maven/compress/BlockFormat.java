package io.github.debianatomic.maven.compress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A compressed stream made of blocks that know nothing of each other, so that several can be made at once. */
interface BlockFormat {

    /** What stands before the first block. */
    void begin(OutputStream out) throws IOException;

    /**
     * Compresses one block; called by several threads.
     *
     * @param in its content
     * @param before the end of the block before it, at most 32 KiB
     * @param last whether it is the last one
     */
    Block encode(InputStream in, byte[] before, boolean last) throws IOException;

    /** Writes a block; called in their order. */
    void write(Block block, OutputStream out) throws IOException;

    /** What stands behind the last block. */
    void end(OutputStream out) throws IOException;

    /**
     * One block, compressed.
     *
     * @param compressed its bytes
     * @param length of what it holds
     * @param check of what it holds: CRC64 or CRC32, whichever the format has
     */
    record Block(Chunks compressed, long length, byte[] check) {}
}
