package io.github.debianatomic.maven.deb;

/** The changelog Policy 12.7 asks of every package, deb-changelog(5). */
public final class Changelog {

    private Changelog() {}

    /**
     * @param name the package
     * @param version its version
     * @param change one sentence on where this build comes from
     * @param maintainer {@code Name <mail>}
     * @param time the entry's date
     * @return a changelog of one entry
     */
    public static String of(String name, DebianVersion version, String change, String maintainer, BuildTime time) {
        return name + " (" + version + ") unstable; urgency=medium\n\n  * " + change + "\n\n -- " + maintainer + "  "
                + time.changelogDate() + "\n";
    }

    /** The name of its file below {@code /usr/share/doc/PACKAGE}, Policy 12.7: native packages have no Debian part. */
    public static String fileName(DebianVersion version) {
        return version.isNative() ? "changelog.gz" : "changelog.Debian.gz";
    }
}
