package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What stands below /usr/share/doc and /usr/share/man, Policy 12. */
final class DocumentationChecks {

    static final List<Check> ALL = List.of(
            Check.error("copyright", "a package has its copyright file", deb -> copyright(deb)),
            Check.error("changelog", "a package has its changelog, by the name its version calls for", deb -> changelog(deb)),
            Check.error("gzip", "changelogs and manual pages are compressed as gzip -9n does", deb -> gzip(deb)),
            Check.warning("manual-page", "every command has a manual page", deb -> manualPage(deb)));

    private static final Pattern MAN = Pattern.compile("/usr/share/man/(?:[^/]+/)?man(\\d)/[^/]+");

    private static final Pattern COMMAND = Pattern.compile("(?:/usr)?/s?bin/([^/]+)");

    private DocumentationChecks() {}

    /** A directory that is a link to another package's, Policy 12.5, has that one's. */
    private static boolean isLink(ReadDeb deb) {
        var doc = deb.paths().get("/usr/share/doc/" + deb.name());
        return doc != null && doc.isLink();
    }

    private static Stream<Flaw> copyright(ReadDeb deb) {
        String path = "/usr/share/doc/" + deb.name() + "/copyright";
        return isLink(deb) || deb.paths().containsKey(path) && deb.paths().get(path).isFile()
                ? Stream.empty()
                : Stream.of(new Flaw(path, "is missing; say there who owns the files and under which licence (Policy 12.5)"));
    }

    private static Stream<Flaw> changelog(ReadDeb deb) {
        String directory = "/usr/share/doc/" + deb.name() + "/";
        boolean isNative = !deb.field("Version").contains("-");
        String expected = directory + (isNative ? "changelog.gz" : "changelog.Debian.gz");
        if (isLink(deb) || deb.paths().containsKey(expected)) {
            return Stream.empty();
        }
        return Stream.of(new Flaw(expected, isNative
                ? "is missing; a version without a Debian revision is that of a native package (Policy 12.7)"
                : "is missing; a version with a Debian revision calls for it (Policy 12.7)"));
    }

    private static Stream<Flaw> gzip(ReadDeb deb) {
        Pattern changelogs = Pattern.compile(Pattern.quote("/usr/share/doc/" + deb.name() + "/") + "(changelog|NEWS)(\\.Debian)?(\\.gz)?");
        return Stream.concat(deb.files(changelogs), deb.files(MAN)).flatMap(path -> {
            byte[] head = deb.head(path);
            if (!path.endsWith(".gz") || head.length < 10 || (head[0] & 0xff) != 0x1f || (head[1] & 0xff) != 0x8b) {
                return Stream.of(new Flaw(path, "is not compressed; compress it with gzip -9n and name it .gz (Policy 12.1, 12.7)"));
            }
            // RFC 1952: no name in the flags, no time, and 2 for the best compression
            return head[3] == 0 && head[4] == 0 && head[5] == 0 && head[6] == 0 && head[7] == 0 && head[8] == 2
                    ? Stream.empty()
                    : Stream.of(new Flaw(path, "carries a name or a time, or is not at its smallest; compress it with gzip -9n"));
        });
    }

    private static boolean hasPage(ReadDeb deb, String name, String section) {
        String page = "/usr/share/man/man" + section + "/" + name + "." + section;
        var from = deb.paths().tailMap(page);
        return !from.isEmpty() && from.firstKey().startsWith(page);
    }

    private static Stream<Flaw> manualPage(ReadDeb deb) {
        return deb.paths().keySet().stream().filter(path -> COMMAND.matcher(path).matches()).flatMap(path -> {
            String name = path.substring(path.lastIndexOf('/') + 1);
            return deb.paths().get(path).isDirectory() || Stream.of("1", "6", "8").anyMatch(section -> hasPage(deb, name, section))
                    ? Stream.empty()
                    : Stream.of(new Flaw(path, "has no manual page; add usr/share/man/man1/" + name + ".1, or man8 in sbin (Policy 12.1)"));
        });
    }
}
