package io.github.debianatomic.maven.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Bytes that are collected in pieces: a growing array would be copied, and twice there while it is. */
public final class Chunks extends OutputStream {

    private static final int CHUNK = 1 << 18;

    private final List<byte[]> full = new ArrayList<>();
    private byte[] current = new byte[1 << 12]; // enough for a small package
    private int used;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int count) {
        int done = 0;
        while (done < count) {
            if (used == current.length) {
                full.add(current);
                current = new byte[CHUNK];
                used = 0;
            }
            int step = Math.min(count - done, current.length - used);
            System.arraycopy(data, offset + done, current, used, step);
            used += step;
            done += step;
        }
    }

    /** How many there are. */
    public long size() {
        return full.stream().mapToLong(chunk -> chunk.length).sum() + used;
    }

    /** Writes all of them. */
    public void writeTo(OutputStream out) throws IOException {
        for (byte[] chunk : full) {
            out.write(chunk);
        }
        out.write(current, 0, used);
    }
}
