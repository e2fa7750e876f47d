package io.github.debianatomic.maven.compress;

import com.github.luben.zstd.ZstdInputStream;
import io.github.debianatomic.maven.InvalidPackageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** The formats that deb(5) has for the members of a deb. */
public enum Compression {
    /** The default: the smallest, and what every dpkg and lintian reads. */
    XZ(".xz", 0, 6, 9) {
        @Override
        public InputStream decompress(InputStream in) throws IOException {
            return new XZInputStream(in, READ_LIMIT_KIB);
        }
    },
    /** Quick to unpack, read by every dpkg. dpkg-deb's own level, 9, takes twice as long for 1.4 % of the size. */
    GZIP(".gz", 1, 5, 9) {
        @Override
        public InputStream decompress(InputStream in) throws IOException {
            return new GZIPInputStream(in, 1 << 16);
        }
    },
    /** Quick to unpack; needs dpkg 1.21.18 or later, and lintian calls it malformed. The level is dpkg-deb's own. */
    ZSTD(".zst", 1, 19, 22) {
        @Override
        public InputStream decompress(InputStream in) throws IOException {
            return new ZstdInputStream(in);
        }
    },
    /** Plain tar, for looking at or for a transport that compresses. */
    NONE("", 0, 0, 0) {
        @Override
        public InputStream decompress(InputStream in) {
            return in;
        }
    };

    private static final int READ_LIMIT_KIB = 256 * 1024;

    private final String suffix;
    private final int lowest;
    private final int usual;
    private final int highest;

    Compression(String suffix, int lowest, int usual, int highest) {
        this.suffix = suffix;
        this.lowest = lowest;
        this.usual = usual;
        this.highest = highest;
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
    public static Compression ofMember(String member) {
        return Arrays.stream(values())
                .filter(c -> member.endsWith(".tar" + c.suffix))
                .findFirst()
                .orElse(null);
    }

    /**
     * @param level as the parameter {@code compressionLevel} has it, or null for the format's own
     * @throws InvalidPackageException when the format has no such level
     */
    int level(Integer level) {
        if (level != null && (level < lowest || level > highest)) {
            throw new InvalidPackageException("compressionLevel", "'" + level + "' is no level of " + parameter() + "; expected "
                    + (lowest == highest ? "none: delete it" : lowest + " to " + highest));
        }
        return level == null ? usual : level;
    }

    String parameter() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The ending of a member's name after {@code .tar}. */
    public String suffix() {
        return suffix;
    }

    /** The stream that undoes what a {@link Compressor} did. */
    public abstract InputStream decompress(InputStream in) throws IOException;
}
