package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** sysusers.d(5). */
final class SysusersChecks {

    static final List<Check> ALL = List.of(
            Check.error("sysusers-syntax", "systemd-sysusers understands each line of sysusers.d", deb -> syntax(deb)));

    private static final Pattern FILES = Pattern.compile("/usr/lib/sysusers\\.d/[^/]+\\.conf");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,30}");

    /** A number, a file whose owner to take, and a group's number or name; a range for type r. */
    private static final Pattern ID = Pattern.compile("-|/.*|(\\d+|-)(:(\\d+|[A-Za-z_][A-Za-z0-9_-]*))?|\\d+-\\d+");

    private SysusersChecks() {}

    private static Stream<Flaw> syntax(ReadDeb deb) {
        return deb.texts(FILES).flatMap(path -> deb.text(path).lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .flatMap(line -> {
                    String why = flaw(Words.of(line));
                    return why.isEmpty() ? Stream.empty() : Stream.of(new Flaw(path, "'" + line + "' " + why));
                }));
    }

    private static String flaw(List<String> fields) {
        String type = fields.get(0);
        String name = fields.size() > 1 ? fields.get(1) : "";
        if (!type.matches("u!?|[gmr]")) {
            return "begins with no type of sysusers.d(5); expected u, u!, g, m or r";
        }
        if (type.equals("r") ? !name.equals("-") : !NAME.matcher(name).matches()) {
            return "names no account; expected letters, digits, _ and - after the type" + (type.equals("r") ? ", and - alone for type r" : "");
        }
        String id = fields.size() > 2 ? fields.get(2) : "-";
        if (type.equals("m") ? !NAME.matcher(id).matches() : !ID.matcher(id).matches()) {
            return type.equals("m") ? "names no group to be a member of" : "has no ID; expected a number, NUMBER:GROUP, a path or -";
        }
        if (fields.size() > (type.startsWith("u") ? 6 : 3) && fields.subList(3, fields.size()).stream().anyMatch(field -> !field.equals("-"))) {
            return type.startsWith("u")
                    ? "has more than six fields; put the description in quotes"
                    : "has fields that only a line of type u has";
        }
        for (int i = 4; i < Math.min(fields.size(), 6); i++) {
            if (!fields.get(i).equals("-") && !fields.get(i).startsWith("/")) {
                return "has '" + fields.get(i) + "' where the home directory and the shell belong; put the description in quotes";
            }
        }
        return "";
    }
}
