package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a POM sets for a bundled package alone, turned into the files that configure the system so.
 *
 * @param updateSchedule {@code onBoot}, {@code interval}, {@code spread}; bootc's default where absent
 * @param composefs {@code no}, {@code maybe}, {@code yes} or null
 * @param release the Debian release that {@code composefs} is for, or null
 * @param rootFsType a file system or null
 * @param kernelArguments arguments for every machine of the image
 * @param busName apt-ostree's name on the system bus, or null
 * @param program apt-ostree's path, or null
 */
public record Settings(
        Map<String, String> updateSchedule,
        String composefs,
        String release,
        String rootFsType,
        List<String> kernelArguments,
        String busName,
        String program) {

    private static final String LABEL = "the POM";

    /** systemd.time(7): numbers with units. */
    private static final String TIME_SPAN = "(\\d+ ?(us|ms|s|sec|seconds?|m|min|minutes?|h|hr|hours?|d|days?|w|weeks?)? ?)+";

    /** Copies the collections, in their order. */
    public Settings {
        updateSchedule = Collections.unmodifiableMap(new LinkedHashMap<>(updateSchedule));
        kernelArguments = List.copyOf(kernelArguments);
    }

    /**
     * @param bundled the package
     * @return a layer with the files that follow; empty when nothing is set
     * @throws IOException when a bundled file cannot be read
     * @throws InvalidPackageException for a value that is not understood
     */
    public Layer over(Layer bundled) throws IOException {
        List<Entry> entries = new ArrayList<>();
        if (release != null && composefs == null) {
            throw refuse(bundled, "release", "is asked for <composefs> alone, which is not set; set it too, or delete this");
        }
        if (composefs != null) {
            entries.addAll(composefs(bundled));
        }
        if (rootFsType != null) {
            requireOneOf(bundled, "rootFsType", rootFsType, Set.of("ext4", "xfs", "btrfs"));
            entries.addAll(withLine(bundled, "/usr/lib/bootc/install/00-bootc-baseimage.toml", "type", "type = \"" + rootFsType + "\""));
        }
        if (!updateSchedule.isEmpty()) {
            entries.add(schedule(bundled));
        }
        if (!kernelArguments.isEmpty()) {
            entries.add(kernelArguments(bundled));
        }
        return new Layer(Layer.Kind.SETTINGS, LABEL, PackageDefinition.none(LABEL), entries, Map.of(), null);
    }

    /**
     * The names to replace in the package's folder.
     *
     * @throws InvalidPackageException for a value outside its grammar
     */
    public Replacements names() {
        return Replacements.of(busName, program);
    }

    private List<Entry> composefs(Layer bundled) throws IOException {
        String image = release == null ? "trixie" : release;
        requireOneOf(bundled, "release", image, Set.of("trixie", "forky", "sid"));
        requireOneOf(bundled, "composefs", composefs, Set.of("no", "maybe", "yes"));
        if (composefs.equals("yes") && image.equals("trixie")) {
            throw refuse(bundled, "composefs", "'yes' fits no image of trixie, whose OSTree has no composefs and could not deploy it; write 'maybe',"
                    + " or set <release> to the later one the image is built from");
        }
        return withLine(bundled, "/usr/lib/ostree/prepare-root.conf", "enabled",
                "enabled = " + (composefs.equals("maybe") ? composefs : composefs.equals("yes")));
    }

    /** systemd.timer(5): an empty assignment takes back all of the unit's timers, so all of them are set again. */
    private Entry schedule(Layer bundled) {
        updateSchedule.forEach((name, value) -> {
            requireOneOf(bundled, "updateSchedule", name, Set.of("onBoot", "interval", "spread"));
            if (!value.matches(TIME_SPAN)) {
                throw refuse(bundled, "updateSchedule><" + name, "'" + value + "' is no time span; expected one of systemd.time(7), such as 30min or 1h 30min");
            }
        });
        return file("/usr/lib/systemd/system/bootc-fetch-apply-updates.timer.d/10-schedule.conf",
                "# As the POM of this package says.\n[Timer]\nOnBootSec=\nOnBootSec=" + updateSchedule.getOrDefault("onBoot", "1h")
                        + "\nOnUnitInactiveSec=" + updateSchedule.getOrDefault("interval", "8h")
                        + "\nRandomizedDelaySec=" + updateSchedule.getOrDefault("spread", "2h") + "\n");
    }

    private Entry kernelArguments(Layer bundled) {
        for (String argument : kernelArguments) {
            if (argument.isEmpty() || argument.chars().anyMatch(c -> c <= ' ' && !argument.contains("\"") || c == 0x7f)) {
                throw refuse(bundled, "kernelArguments", "'" + argument + "' is not one kernel argument; write one an element");
            }
        }
        return file("/usr/lib/bootc/kargs.d/10-project.toml", kernelArguments.stream()
                .map(argument -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(", ", "# As the POM of this package says.\nkargs = [", "]\n")));
    }

    /** A bundled file with one line replaced. */
    private static List<Entry> withLine(Layer bundled, String path, String key, String line) throws IOException {
        List<Entry> replaced = new ArrayList<>();
        for (Entry entry : bundled.entries()) {
            if (entry.path().value().equals(path) && entry instanceof Entry.File file) {
                replaced.add(file(path, file.content().text().replaceFirst("(?m)^" + key + " *=.*$", line)));
            }
        }
        return replaced;
    }

    private static Entry file(String path, String text) {
        return new Entry.File(new InstallPath(path), Mode.FILE, Content.of(text));
    }

    private static void requireOneOf(Layer bundled, String setting, String value, Set<String> values) {
        if (!values.contains(value)) {
            throw refuse(bundled, setting, "'" + value + "' is unknown; expected one of " + values.stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    private static InvalidPackageException refuse(Layer bundled, String setting, String why) {
        return new InvalidPackageException("<" + setting + "> of package " + bundled.definition().name(), why);
    }
}
