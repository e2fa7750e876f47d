package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A unit or a drop-in, systemd.syntax(7).
 *
 * @param path where it is installed
 * @param settings in order, those without a value too: they take earlier ones back
 * @param flaws what systemd would pass over
 */
record UnitFile(String path, List<Setting> settings, List<Flaw> flaws) {

    /** systemd.unit(5), without devices and scopes, which have no files. */
    private static final String KINDS = "service|socket|timer|path|target|mount|automount|swap|slice";

    /** Before trixie units stood below /lib, which is another check's concern. */
    private static final Pattern UNIT = Pattern.compile("(/usr)?/lib/systemd/system/[^/]+\\.(" + KINDS + ")");

    private static final Pattern DROP_IN = Pattern.compile("(/usr)?/lib/systemd/system/[^/]+\\.d/[^/]+\\.conf");

    private static final Set<String> SECTIONS =
            Set.of("Unit", "Install", "Service", "Socket", "Timer", "Path", "Mount", "Automount", "Swap", "Slice");

    /** One assignment. */
    record Setting(String section, String key, String value) {}

    /** Copies the lists. */
    UnitFile {
        settings = List.copyOf(settings);
        flaws = List.copyOf(flaws);
    }

    /** The units of a package, without drop-ins. */
    static List<UnitFile> units(ReadDeb deb) {
        return deb.texts(UNIT).map(path -> parse(path, deb.text(path))).toList();
    }

    /** Drop-ins for units, of this package or of others. */
    static List<UnitFile> dropIns(ReadDeb deb) {
        return deb.texts(DROP_IN).map(path -> parse(path, deb.text(path))).toList();
    }

    static UnitFile parse(String path, String text) {
        List<Setting> settings = new ArrayList<>();
        List<Flaw> flaws = new ArrayList<>();
        String section = "";
        StringBuilder joined = new StringBuilder();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            if (raw.strip().startsWith("#") || raw.strip().startsWith(";")) {
                continue; // also between the lines of one value
            }
            if (raw.endsWith("\\")) {
                joined.append(raw, 0, raw.length() - 1).append(' ');
                continue;
            }
            String line = joined.append(raw).toString().strip();
            joined.setLength(0);
            if (line.isEmpty()) {
                continue;
            }
            if (raw.endsWith("\r")) {
                flaws.add(new Flaw(path, "line " + number + " ends in CR LF; expected LF alone"));
                break;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
                if (!SECTIONS.contains(section) && !section.startsWith("X-")) {
                    flaws.add(new Flaw(path, "line " + number + ": systemd knows no section [" + section + "] and passes over it"));
                }
            } else if (!line.matches("(?s)[A-Za-z][A-Za-z0-9-]*\\s*=.*") || section.isEmpty()) {
                flaws.add(new Flaw(path, "line " + number + ": '" + line + "' is no Key=value in a section"));
            } else {
                int equals = line.indexOf('=');
                settings.add(new Setting(section, line.substring(0, equals).strip(), line.substring(equals + 1).strip()));
            }
        }
        return new UnitFile(path, settings, flaws);
    }

    /** The unit's name; of a drop-in, its file's. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The name without its kind. */
    String stem() {
        return name().substring(0, name().lastIndexOf('.'));
    }

    /** The part of the name after the last dot. */
    String kind() {
        return name().substring(name().lastIndexOf('.') + 1);
    }

    /** A template is not started by this name. */
    boolean isTemplate() {
        return stem().endsWith("@");
    }

    /** The words of all values of a key. */
    Stream<String> words(String section, String key) {
        return settings.stream()
                .filter(setting -> setting.section().equals(section) && setting.key().equals(key) && !setting.value().isEmpty())
                .flatMap(setting -> Stream.of(setting.value().split("\\s+")));
    }

    /** Whether {@code systemctl enable} has something to do. */
    boolean isInstallable() {
        return Stream.of("WantedBy", "RequiredBy", "UpheldBy", "Alias").anyMatch(key -> words("Install", key).findAny().isPresent());
    }
}
