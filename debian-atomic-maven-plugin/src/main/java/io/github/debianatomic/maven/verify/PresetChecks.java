package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** systemd.preset(5), held against what the maintainer scripts do. */
final class PresetChecks {

    static final List<Check> ALL = List.of(
            Check.error("preset-syntax", "a preset has enable, disable or ignore and a unit in each line", deb -> syntax(deb)),
            Check.warning("preset-missing", "a preset decides about each unit that can be enabled", deb -> missing(deb)),
            Check.error("preset-agrees", "presets and maintainer scripts agree", deb -> disagreement(deb)));

    private static final Pattern FILES = Pattern.compile("/usr/lib/systemd/system-preset/[^/]+\\.preset");

    /** A verb, a pattern of units, and perhaps the instances of a template. */
    private static final Pattern LINE = Pattern.compile("(enable|disable|ignore)\\s+\\S.*");

    private PresetChecks() {}

    private static boolean isComment(String line) {
        return line.isBlank() || line.strip().startsWith("#") || line.strip().startsWith(";");
    }

    private static Stream<Flaw> syntax(ReadDeb deb) {
        return deb.texts(FILES).flatMap(path -> deb.text(path).lines()
                .filter(line -> !isComment(line) && !LINE.matcher(line.strip()).matches())
                .map(line -> new Flaw(path, "'" + line + "' is not understood; expected enable, disable or ignore and a unit's name")));
    }

    private static List<UnitFile> installable(ReadDeb deb) {
        return UnitFile.units(deb).stream().filter(unit -> unit.isInstallable() && !unit.isTemplate()).toList();
    }

    /** What the first matching line of the package's presets says, files in the order of their names; or empty. */
    private static String preset(ReadDeb deb, String unit) {
        List<String> lines = new ArrayList<>();
        deb.texts(FILES).forEach(path -> deb.text(path).lines().map(String::strip).filter(line -> LINE.matcher(line).matches()).forEach(lines::add));
        for (String line : lines) {
            String[] words = line.split("\\s+");
            if (globMatches(words[1], unit)) {
                return words[0];
            }
        }
        return "";
    }

    /** Goes back to the last star alone, which is enough, and never slow. */
    private static boolean globMatches(String glob, String unit) {
        int g = 0;
        int u = 0;
        int star = -1;
        int from = 0;
        while (u < unit.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                from = u;
            } else if (g < glob.length() && (glob.charAt(g) == '?' || glob.charAt(g) == unit.charAt(u))) {
                g++;
                u++;
            } else if (star >= 0) {
                g = star + 1;
                u = ++from;
            } else {
                return false;
            }
        }
        return glob.substring(g).chars().allMatch(c -> c == '*');
    }

    /** What the postinst does with a unit on a first installation, in this plugin's form and in debhelper's; or empty. */
    private static String script(ReadDeb deb, String unit) {
        String name = "\\s+(--quiet\\s+)?[\"']?" + Pattern.quote(unit) + "[\"']?(?![\\w.@-])";
        String postinst = deb.control("postinst");
        boolean kept = Pattern.compile("(^|\\s)(keep_unit|deb-systemd-helper\\s+(--quiet\\s+)?debian-installed)" + name, Pattern.MULTILINE)
                .matcher(postinst)
                .find();
        boolean enabled = Pattern.compile("(^|\\s)(enable_unit|deb-systemd-helper\\s+(--quiet\\s+)?(was-enabled|enable))" + name, Pattern.MULTILINE)
                .matcher(postinst)
                .find();
        return kept ? "disable" : enabled ? "enable" : "";
    }

    private static Stream<Flaw> missing(ReadDeb deb) {
        return installable(deb).stream().filter(unit -> preset(deb, unit.name()).isEmpty()).map(unit ->
                new Flaw(unit.path(), "has an [Install] section and no line in a preset, so that 'systemctl preset-all' enables it;"
                        + " add 'enable " + unit.name() + "' or 'disable " + unit.name() + "'"));
    }

    private static Stream<Flaw> disagreement(ReadDeb deb) {
        return installable(deb).stream().flatMap(unit -> {
            String preset = preset(deb, unit.name());
            String script = script(deb, unit.name());
            if (preset.equals("enable") && !script.equals("enable")) {
                return Stream.of(new Flaw(unit.path(), "is enabled by the preset and not by the postinst; change one of the two"));
            }
            return preset.equals("disable") && script.equals("enable")
                    ? Stream.of(new Flaw(unit.path(), "is disabled by the preset and enabled by the postinst; change one of the two"))
                    : Stream.empty();
        });
    }
}
