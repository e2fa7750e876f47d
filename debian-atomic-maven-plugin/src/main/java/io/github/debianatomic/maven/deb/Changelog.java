package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.regex.Pattern;

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

    /**
     * @param text a changelog written by hand
     * @param name the package it must be of
     * @param source its name in messages
     * @return the text
     * @throws InvalidPackageException when it is not in the format of deb-changelog(5)
     */
    public static String check(String text, String name, String source) {
        int number = 0;
        boolean open = false;
        String heading = Pattern.quote(name) + " \\([0-9][A-Za-z0-9.+~:-]*\\)( [A-Za-z0-9.-]+)+; [a-z-]+=.+";
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("  ") && open) {
                continue;
            }
            boolean trailer = line.matches(" -- [^<>]+ <[^<>@ ]+@[^<>@ ]+>  [A-Z][a-z]{2}, [ 0-9]\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}");
            if (open ? !trailer : !line.matches(heading)) {
                throw new InvalidPackageException(source + ":" + number, "'" + line + "' is not " + (open
                        ? "a change or the end of an entry; expected two blanks and a text, or ' -- Name <mail>  Mon, 23 Nov 2026 02:15:00 +0000'"
                        : "the head of an entry; expected '" + name + " (1.0.0) unstable; urgency=medium'"));
            }
            open = !open;
        }
        if (open || number == 0) {
            throw new InvalidPackageException(source + ":" + Math.max(number, 1), "ends within an entry; expected ' -- Name <mail>  date' (deb-changelog(5))");
        }
        return text;
    }
}
