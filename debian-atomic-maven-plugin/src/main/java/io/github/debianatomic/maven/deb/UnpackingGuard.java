package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.InvalidPackageException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The unpacked bytes of a member: counts them, and gives up on what only a decompression bomb does. */
final class UnpackingGuard extends FilterInputStream {

    /** dpkg's names are at most 4096 bytes long; twice that, and the blocks around them. */
    private static final int HEADER_LIMIT = 16 << 10;

    /** Of all entries together. */
    private static final long HEADERS_LIMIT = 192 << 20;

    /** Up to here everything is unpacked. */
    private static final long UNPACKED_FLOOR = 1L << 30;

    /** Above the floor: how much larger than the member. gzip cannot do more than 1032, a real system stays below 20. */
    private static final int UNPACKED_RATIO = 200;

    private final String source;
    private final String member;
    private final long limit;
    private long count;
    private boolean inHeader = true;
    private long header;
    private long headers;

    /**
     * @param in the unpacked bytes
     * @param source the deb's name in messages
     * @param member whose bytes they are
     * @param size the member's length
     */
    UnpackingGuard(InputStream in, String source, String member, long size) {
        super(in);
        this.source = source;
        this.member = member;
        this.limit = UNPACKED_FLOOR + UNPACKED_RATIO * size;
    }

    /** Whether what follows describes an entry, which the tar reader takes into memory, or is a file's. */
    void inHeader(boolean now) {
        headers += header;
        header = 0;
        inHeader = now;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int got = super.read(buffer, offset, length);
        count += Math.max(got, 0);
        header += inHeader ? Math.max(got, 0) : 0;
        if (count > limit) {
            throw new InvalidPackageException(source, "member " + member + " unpacks to more than " + limit
                    + " bytes, which is what a decompression bomb does; expected a package");
        }
        if (header > HEADER_LIMIT || headers + header > HEADERS_LIMIT) {
            throw new InvalidPackageException(source, "member " + member
                    + " has entries whose names or attributes are longer than dpkg takes; expected names of at most 4096 bytes");
        }
        return got;
    }

    @Override
    public long skip(long n) throws IOException {
        byte[] buffer = new byte[(int) Math.min(n, 1 << 13)];
        return buffer.length == 0 ? 0 : Math.max(read(buffer, 0, buffer.length), 0);
    }
}
