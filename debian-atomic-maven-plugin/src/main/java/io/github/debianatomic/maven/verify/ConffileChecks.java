package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Conffiles, Policy 10.7 and deb-conffiles(5). */
final class ConffileChecks {

    static final List<Check> ALL = List.of(
            Check.error("conffile-missing", "every file below /etc is a conffile", deb -> missing(deb)),
            Check.error("conffile-listed", "conffiles lists files of the package, below /etc, once", deb -> wrong(deb)));

    private static final String REMOVE = "remove-on-upgrade ";

    private static final Pattern ETC = Pattern.compile("/etc/.*");

    private ConffileChecks() {}

    /** The paths it lists as conffiles that it ships. */
    static Set<String> listed(ReadDeb deb) {
        return deb.control("conffiles").lines()
                .filter(line -> !line.isBlank() && !line.startsWith(REMOVE))
                .map(String::strip)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Stream<Flaw> missing(ReadDeb deb) {
        Set<String> listed = listed(deb);
        return deb.files(ETC).filter(path -> !listed.contains(path)).map(path ->
                new Flaw(path, "is no conffile, so that upgrades would overwrite an administrator's changes; list it (Policy 10.7.3)"));
    }

    private static Stream<Flaw> wrong(ReadDeb deb) {
        Set<String> seen = new LinkedHashSet<>();
        return deb.control("conffiles").lines().flatMap(line -> {
            boolean removed = line.startsWith(REMOVE);
            String path = (removed ? line.substring(REMOVE.length()) : line).strip();
            var item = deb.paths().get(path);
            String why = !seen.add(path) ? "comes twice; keep one line"
                    : path.isEmpty() ? "has an empty line; delete it"
                    : !path.startsWith("/") ? "is not an absolute path"
                    : !ETC.matcher(path).matches() ? "stands outside /etc, where no administrator changes files"
                    : removed && item != null ? "is to be removed and is in the package; delete the line"
                    : !removed && item == null ? "is not in the package; delete the line"
                    : !removed && !item.isFile() ? "is no regular file; dpkg can only compare files"
                    : "";
            return why.isEmpty() ? Stream.empty() : Stream.of(new Flaw(path.isEmpty() ? "conffiles" : path, "in conffiles " + why));
        });
    }
}
