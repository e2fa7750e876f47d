package io.github.debianatomic.maven.deb;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.github.debianatomic.maven.InvalidPackageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** How the members of a deb are compressed, deb(5). Every encoder gives the same bytes on every machine and JDK. */
public enum Compression {
    /** The default: the smallest, and what every dpkg and lintian reads. */
    XZ(".xz") {
        @Override
        OutputStream compress(OutputStream out, long size) throws IOException {
            LZMA2Options options = new LZMA2Options(LZMA2Options.PRESET_DEFAULT);
            // A dictionary larger than the content costs 100 MB and no byte less.
            options.setDictSize((int) Math.max(LZMA2Options.DICT_SIZE_MIN, Math.min(options.getDictSize(), size)));
            return new XZOutputStream(out, options);
        }

        @Override
        InputStream decompress(InputStream in) throws IOException {
            return new XZInputStream(in, READ_LIMIT_KIB);
        }
    },
    /** Quick to unpack, read by every dpkg. */
    GZIP(".gz") {
        @Override
        OutputStream compress(OutputStream out, long size) throws IOException {
            return new Gzip(out);
        }

        @Override
        InputStream decompress(InputStream in) throws IOException {
            return new GZIPInputStream(in);
        }
    },
    /** Quick both ways; needs dpkg 1.21.18 or later, and lintian calls it malformed. */
    ZSTD(".zst") {
        @Override
        OutputStream compress(OutputStream out, long size) throws IOException {
            ZstdOutputStream zstd = new ZstdOutputStream(out, ZSTD_LEVEL);
            zstd.setWorkers(1); // without a worker the bytes differ from those with any number of them
            return zstd;
        }

        @Override
        InputStream decompress(InputStream in) throws IOException {
            return new ZstdInputStream(in);
        }
    },
    /** Plain tar, for looking at or for a transport that compresses. */
    NONE("") {
        @Override
        OutputStream compress(OutputStream out, long size) {
            return out;
        }

        @Override
        InputStream decompress(InputStream in) {
            return in;
        }
    };

    private static final int ZSTD_LEVEL = 19; // dpkg-deb's own, deb(5)
    private static final int READ_LIMIT_KIB = 256 * 1024;

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /**
     * @param name as the parameter {@code compression} spells it
     * @throws InvalidPackageException when there is none of that name
     */
    public static Compression of(String name) {
        return Arrays.stream(values())
                .filter(c -> c.parameter().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidPackageException("compression", "'" + name + "' is unknown; expected one of "
                        + Arrays.stream(values()).map(Compression::parameter).collect(Collectors.joining(", "))));
    }

    /**
     * @param member an ar member's name, such as {@code data.tar.xz}
     * @return how it is compressed, or null when deb(5) has no such ending
     */
    static Compression ofMember(String member) {
        return Arrays.stream(values())
                .filter(c -> member.endsWith(".tar" + c.suffix))
                .findFirst()
                .orElse(null);
    }

    private String parameter() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The ending of a member's name after {@code .tar}. */
    String suffix() {
        return suffix;
    }

    /** @param size how many bytes will be written */
    abstract OutputStream compress(OutputStream out, long size) throws IOException;

    /** The stream that undoes {@link #compress}. */
    abstract InputStream decompress(InputStream in) throws IOException;
}
