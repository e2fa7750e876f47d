package io.github.debianatomic.maven.deb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.debianatomic.maven.InvalidPackageException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The members of an ar archive as deb(5) uses it, one after another. */
final class ArReader {

    private final InputStream in;
    private final String source;
    private Limited content;
    private long size;

    /** @param source the file's name in messages */
    ArReader(InputStream in, String source) throws IOException {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.source = source;
        if (!new String(this.in.readNBytes(8), US_ASCII).equals("!<arch>\n")) {
            throw new InvalidPackageException(source, "is not an ar archive, which deb(5) says a deb is");
        }
    }

    /** Steps to the next member; its name, or null after the last. */
    String next() throws IOException {
        if (content != null) {
            try {
                in.skipNBytes(content.left + size % 2);
            } catch (EOFException e) {
                throw new InvalidPackageException(source, "is cut: its last member is not complete; build or fetch it again");
            }
        }
        byte[] header = in.readNBytes(60);
        if (header.length == 0) {
            return null;
        }
        String text = new String(header, US_ASCII);
        if (header.length < 60 || !text.endsWith("`\n") || !text.substring(48, 58).strip().matches("\\d+")) {
            throw new InvalidPackageException(source, "has a broken or cut member header; expected the 60 bytes of deb(5)");
        }
        size = Long.parseLong(text.substring(48, 58).strip());
        content = new Limited();
        return text.substring(0, 16).strip().replaceFirst("/$", "");
    }

    /** The length of the present member. */
    long size() {
        return size;
    }

    /** The present member; it ends where the member does, and complains when the file ends before. */
    InputStream content() {
        return content;
    }

    private final class Limited extends InputStream {
        private long left = size;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int got = in.read(buffer, offset, (int) Math.min(count, left));
            if (got < 0) {
                throw new InvalidPackageException(source, "is cut: a member ends " + left + " bytes early");
            }
            left -= got;
            return got;
        }
    }
}
