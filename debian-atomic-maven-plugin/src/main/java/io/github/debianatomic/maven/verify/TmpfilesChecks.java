package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** tmpfiles.d(5). */
final class TmpfilesChecks {

    static final List<Check> ALL = List.of(
            Check.error("tmpfiles-syntax", "systemd-tmpfiles understands each line of tmpfiles.d", deb -> lines(deb).stream()
                    .flatMap(line -> line.flaw().isEmpty() ? Stream.empty() : Stream.of(line.at(line.flaw())))),
            Check.error("tmpfiles-replaces", "no line replaces what a machine has in /var by a link", deb -> lines(deb).stream()
                    // seen on trixie: L+ takes a populated database of dpkg away
                    .filter(line -> line.field(0).startsWith("L") && line.field(0).contains("+") && line.field(1).matches("/var/.*"))
                    .map(line -> line.at("deletes " + line.field(1) + " with all that is in it before it makes the link; write L without +"))),
            Check.warning("tmpfiles-var-run", "lines name /run, not its old names", deb -> lines(deb).stream()
                    .filter(line -> line.field(1).matches("/var/(run|lock)(/.*)?"))
                    .map(line -> line.at("names " + line.field(1) + ", which is a link to /run; write the path below /run"))),
            Check.warning("tmpfiles-duplicate", "one line makes one path", TmpfilesChecks::duplicates));

    private static final Pattern FILES = Pattern.compile("/usr/lib/tmpfiles\\.d/[^/]+\\.conf");

    /** A letter and modifiers, of which only some go with a plus; what systemd 262 has. */
    private static final Pattern TYPE = Pattern.compile("([fwpLcbCaA]\\+?|[dDevqQxXrRztThHZ])[-!=~^$?]*|[fwpLcbCaA][-!=~^$?]*\\+[-!=~^$?]*");

    private static final Pattern MODE = Pattern.compile("-|[~:]*[0-7]{3,4}");

    private static final Pattern ACCOUNT = Pattern.compile("-|:?([A-Za-z_%][A-Za-z0-9_.%-]*|\\d+)");

    /** Which of the times counts, and a time span of systemd.time(7) in one word. */
    private static final Pattern AGE = Pattern.compile("-|~?([abcmABCM]+:)?\\d[0-9a-zA-Z.]*");

    /** As in systemd; longer fields mean nothing, and would be much work. */
    private static final int FIELD_LIMIT = 4096;

    private TmpfilesChecks() {}

    /** One line and where it stands. */
    private record Line(String path, int number, List<String> fields) {

        String field(int index) {
            return index < fields.size() ? fields.get(index) : index < 2 ? "" : "-";
        }

        Flaw at(String message) {
            return new Flaw(path, "line " + number + ": " + message);
        }

        String flaw() {
            String target = field(1);
            return fields.subList(0, Math.min(fields.size(), 6)).stream().anyMatch(field -> field.length() > FIELD_LIMIT)
                            ? "has a field of more than " + FIELD_LIMIT + " characters"
                    : !TYPE.matcher(field(0)).matches() ? "'" + field(0) + "' is no type of tmpfiles.d(5)"
                    : target.isEmpty() ? "has no path"
                    : !target.startsWith("/") && !target.startsWith("%") ? "path '" + target + "' is not absolute"
                    : List.of(target.split("/")).contains("..") ? "path '" + target + "' is not in normal form"
                    : !MODE.matcher(field(2)).matches() ? "'" + field(2) + "' is no mode; expected octal digits or -"
                    : !ACCOUNT.matcher(field(3)).matches() ? "'" + field(3) + "' is no user; expected a name, a number or -"
                    : !ACCOUNT.matcher(field(4)).matches() ? "'" + field(4) + "' is no group; expected a name, a number or -"
                    : !AGE.matcher(field(5)).matches() ? "'" + field(5) + "' is no age; expected a time such as 10d, or -"
                    : "";
        }

        boolean makes() {
            return field(0).matches("[fFdDvqQpLcbC].*");
        }
    }

    private static List<Line> lines(ReadDeb deb) {
        List<Line> lines = new ArrayList<>();
        for (String path : deb.texts(FILES).toList()) {
            int number = 0;
            for (String line : deb.text(path).split("\n", -1)) {
                number++;
                if (!line.isBlank() && !line.strip().startsWith("#")) {
                    lines.add(new Line(path, number, Words.of(line)));
                }
            }
        }
        return lines;
    }

    private static Stream<Flaw> duplicates(ReadDeb deb, List<ReadDeb> others) {
        Map<String, String> made = new HashMap<>();
        // one of its own name is the package for another architecture
        others.stream().filter(other -> !other.name().equals(deb.name())).forEach(other -> lines(other).stream().filter(Line::makes).forEach(line ->
                made.put(line.field(1), line.path() + " of package " + other.name())));
        return lines(deb).stream().filter(Line::makes).flatMap(line -> {
            String earlier = made.putIfAbsent(line.field(1), line.path());
            return earlier == null
                    ? Stream.empty()
                    : Stream.of(line.at("makes " + line.field(1) + ", as " + earlier + " does; systemd-tmpfiles takes one and complains about the other"));
        });
    }
}
