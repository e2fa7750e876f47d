package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.InvalidPackageException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The one time a build knows: of every entry of a package, of its changelog and of a snapshot's version. The grammar is
 * that of MavenArchiver's {@code project.build.outputTimestamp}.
 *
 * @param instant whole seconds
 * @param isSet false when the project gave none and {@link #UNSET} stands in
 */
public record BuildTime(Instant instant, boolean isSet) {

    /** 2000-01-01, used when the project gives no time: fixed, and late enough for lintian, which calls files before 1984 ancient. */
    public static final BuildTime UNSET = new BuildTime(Instant.ofEpochSecond(946_684_800), false);

    /** What Maven 4 puts in the property of its own accord, where Maven 3 leaves it null. */
    private static final String MAVEN_4_DEFAULT = "1980-02-01T00:00:00Z";

    /** The largest time that eleven octal digits of a tar header hold. */
    private static final long LAST_SECOND = 077777777777L;

    /** Drops fractions of a second, which tar does not carry. */
    public BuildTime {
        instant = Instant.ofEpochSecond(instant.getEpochSecond());
    }

    /** Whether the property's value is one: null, empty, a single character and Maven 4's default mean not set. */
    public static boolean isSet(String text) {
        return text != null && text.strip().length() > 1 && !text.equals(MAVEN_4_DEFAULT);
    }

    /**
     * @param text the property's value
     * @param property its name, for the message
     * @throws InvalidPackageException when it is neither ISO 8601 with an offset nor seconds since 1970
     */
    public static BuildTime parse(String text, String property) {
        if (!isSet(text)) {
            return UNSET;
        }
        try {
            Instant instant = text.matches("\\d+")
                    ? Instant.ofEpochSecond(Long.parseLong(text))
                    : OffsetDateTime.parse(text).toInstant();
            if (instant.getEpochSecond() >= 0 && instant.getEpochSecond() <= LAST_SECOND) {
                return new BuildTime(instant, true);
            }
        } catch (DateTimeException | NumberFormatException e) {
            // the message below says it
        }
        throw new InvalidPackageException(property,
                "'" + text + "' is not a time a package can carry; write ISO 8601 with an offset, such as"
                        + " 2026-11-23T02:15:00Z or 2026-11-23T03:15:00+01:00, or seconds since 1970, such as 1795400100");
    }

    /** The UTC time in fourteen digits, as a snapshot's version carries it. */
    public String digits() {
        return format("yyyyMMddHHmmss");
    }

    /** The UTC time as deb-changelog(5) writes it. */
    public String changelogDate() {
        return format("EEE, dd MMM yyyy HH:mm:ss +0000");
    }

    private String format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(instant.atOffset(ZoneOffset.UTC));
    }
}
