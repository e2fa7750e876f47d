package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code bootc install} and ostree-prepare-root(1) read of an image. A mistake is found when the machine does not boot. */
final class ImageChecks {

    static final List<Check> ALL = List.of(
            Check.error("install-toml", "files of bootc/install are TOML with tables of install alone", deb -> deb
                    .texts(Pattern.compile("/usr/lib/bootc/install/[^/]+\\.toml"))
                    .flatMap(path -> installFlaws(deb.text(path)).stream().map(why -> new Flaw(path, why)))),
            Check.error("prepare-root", "ostree/prepare-root.conf is a key file with values that ostree-prepare-root takes", deb -> deb
                    .texts(Pattern.compile("/usr/lib/ostree/prepare-root\\.conf"))
                    .flatMap(path -> prepareRootFlaws(deb.text(path)).stream().map(why -> new Flaw(path, why)))));

    /** A basic or a literal string of TOML. Possessive, because a hostile line is long. */
    private static final String STRING = "\"(?:[^\"\\\\]|\\\\.)*+\"|'[^']*+'";

    private static final Pattern VALUE = Pattern.compile("(?:" + STRING + "|true|false|[+-]?[0-9][0-9_.]*+)\\s*+(?:#.*)?");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]++\\s*+=\\s*+(.*)");

    /** g_key_file_get_boolean(): not yes and no, which only the three values of composefs have. */
    private static final List<String> BOOLEAN = List.of("true", "false", "1", "0");

    private static final Map<String, List<String>> VALUES = Map.of(
            "composefs.enabled", List.of("true", "false", "1", "0", "yes", "no", "maybe", "signed", "verity"),
            "sysroot.readonly", BOOLEAN,
            "etc.transient", BOOLEAN,
            "root.transient", BOOLEAN);

    private ImageChecks() {}

    static List<String> installFlaws(String text) {
        boolean inTable = false;
        StringBuilder array = null;
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            Matcher key = KEY.matcher(line);
            if (array == null && (line.isEmpty() || line.startsWith("#"))) {
                continue;
            }
            if (array == null && line.startsWith("[")) {
                String table = line.replaceAll("^\\[|\\]\\s*(#.*)?$", "");
                if (!line.matches("\\[[A-Za-z0-9_.-]+\\]\\s*(#.*)?")) {
                    return List.of("line " + number + " is no table's name; expected one such as [install.filesystem.root]");
                }
                if (!table.equals("install") && !table.startsWith("install.")) {
                    return List.of("line " + number + " has the table '" + table + "', at which bootc stops; expected install or one below it");
                }
                inTable = true;
            } else if (array != null || inTable && key.matches() && key.group(1).startsWith("[")) {
                array = (array == null ? new StringBuilder() : array).append(withoutStrings(array == null ? key.group(1) : line));
                array = array.indexOf("]") < 0 ? array : null;
            } else if (!inTable || !key.matches() || !VALUE.matcher(key.group(1)).matches()) {
                return List.of("line " + number + " is not what bootc reads there; expected KEY = VALUE in a table, with strings in quotes");
            }
        }
        return array == null ? List.of() : List.of("line " + number + " ends within an array; close it with ]");
    }

    /** A bracket in a string, or in a comment, closes nothing. */
    private static String withoutStrings(String line) {
        return line.replaceAll(STRING, "").replaceAll("#.*", "");
    }

    static List<String> prepareRootFlaws(String text) {
        List<String> flaws = new ArrayList<>();
        String group = null;
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            String[] pair = line.split("=", 2);
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.matches("\\[[^\\[\\]]+\\]")) {
                group = line.substring(1, line.length() - 1);
            } else if (group == null || pair.length < 2 || pair[0].isBlank()) {
                flaws.add("line " + number + " is not what ostree-prepare-root reads there, so that nothing boots; expected KEY = VALUE in a [group]");
            } else {
                String key = group + "." + pair[0].strip();
                List<String> allowed = VALUES.get(key);
                if (allowed != null && !allowed.contains(pair[1].strip())) {
                    flaws.add("line " + number + " has the value '" + pair[1].strip() + "' for " + key
                            + ", at which ostree-prepare-root stops and nothing boots; expected one of " + String.join(", ", new TreeSet<>(allowed)));
                }
            }
        }
        return flaws;
    }
}
