package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A package's version, deb-version(7).
 *
 * @param upstream the version without its revision, an epoch included
 * @param revision the Debian revision, or empty for a native package
 */
public record DebianVersion(String upstream, String revision) {

    private static final Pattern MAVEN = Pattern.compile(
            "(\\d+(?:\\.\\d+)*)(?:-(alpha|beta|m|rc)[-.]?(\\d+))?(-SNAPSHOT)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern UPSTREAM = Pattern.compile("(?:\\d+:)?\\d[A-Za-z0-9.+~]*");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9.+~]*");

    /** @throws InvalidPackageException when upstream version or revision is not of Policy 5.6.12's form */
    public DebianVersion {
        if (!UPSTREAM.matcher(upstream).matches()) {
            throw new InvalidPackageException("version", "'" + upstream + "' is not a Debian upstream version; expected a digit"
                    + " first, then letters, digits and . + ~ only, such as 1.2.3~rc1 (a Debian revision goes in <revision>)");
        }
        if (!REVISION.matcher(revision).matches()) {
            throw new InvalidPackageException("revision", "'" + revision
                    + "' is not a Debian revision; expected letters, digits and . + ~ only, such as 1 or 1~deb13u1");
        }
    }

    /**
     * The Debian form of a Maven version, ordered by dpkg as Maven orders its own: alpha &lt; beta &lt; m &lt; rc &lt;
     * snapshot &lt; release.
     *
     * @param maven such as {@code 1.2.3}, {@code 1.2.3-rc1} or {@code 1.2.3-SNAPSHOT}
     * @param snapshotTime the time a snapshot's version ends in; left out when it is not set
     * @param revision the Debian revision, or empty
     * @throws InvalidPackageException for any other form of version
     */
    public static DebianVersion ofMaven(String maven, BuildTime snapshotTime, String revision) {
        Matcher matcher = MAVEN.matcher(maven);
        if (!matcher.matches()) {
            throw new InvalidPackageException("version", "'" + maven + "' of the project has no Debian form that sorts alike;"
                    + " expected numbers with dots, then nothing or one of -alpha-N, -beta-N, -MN, -rcN, then nothing or"
                    + " -SNAPSHOT. Set <version> (-DdebianAtomic.version) to the Debian version to use");
        }
        StringBuilder version = new StringBuilder(matcher.group(1));
        if (matcher.group(2) != null) {
            version.append('~').append(matcher.group(2).toLowerCase(Locale.ROOT)).append(matcher.group(3));
        }
        if (matcher.group(4) != null) {
            version.append("~snapshot").append(snapshotTime.isSet() ? snapshotTime.digits() : "");
        }
        return new DebianVersion(version.toString(), revision);
    }

    /** Whether the package has no Debian revision, Policy 5.6.12; its changelog's name depends on it. */
    public boolean isNative() {
        return revision.isEmpty();
    }

    /** The version without its epoch, as file names carry it. */
    public String withoutEpoch() {
        return toString().replaceFirst("^\\d+:", "");
    }

    @Override
    public String toString() {
        return revision.isEmpty() ? upstream : upstream + "-" + revision;
    }
}
