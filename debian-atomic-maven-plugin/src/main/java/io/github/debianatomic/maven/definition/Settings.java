package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a POM says of a bundled package in words of its own, turned into the files that say it to the system. */
public final class Settings {

    private static final String LABEL = "the POM";

    /** systemd.time(7): numbers with units. */
    private static final String TIME_SPAN = "(\\d+ ?(us|ms|s|sec|seconds?|m|min|minutes?|h|hr|hours?|d|days?|w|weeks?)? ?)+";

    private final Layer bundled;
    private final List<Entry> entries = new ArrayList<>();

    private Settings(Layer bundled) {
        this.bundled = bundled;
    }

    /**
     * @param bundled the package
     * @param values {@code composefs}, {@code rootFsType}, {@code release}
     * @param schedule {@code onBoot}, {@code interval}, {@code spread}
     * @param kernelArguments arguments for every machine of the image
     * @return a layer with the files that follow; empty when nothing is set
     * @throws IOException when a bundled file cannot be read
     * @throws InvalidPackageException for values that are not understood, and settings of another package
     */
    public static Layer of(Layer bundled, Map<String, String> values, Map<String, String> schedule, List<String> kernelArguments)
            throws IOException {
        Settings settings = new Settings(bundled);
        if (values.containsKey("release") && !values.containsKey("composefs")) {
            settings.require("bootc-baseimage", "release");
            throw settings.refuse("release", "is asked for <composefs> alone, which is not set; set it too, or delete this");
        }
        if (values.containsKey("composefs")) {
            settings.composefs(values.get("composefs"), values.getOrDefault("release", "trixie"));
        }
        if (values.containsKey("rootFsType")) {
            settings.rootFsType(values.get("rootFsType"));
        }
        if (!schedule.isEmpty()) {
            settings.updateSchedule(schedule);
        }
        if (!kernelArguments.isEmpty()) {
            settings.kernelArguments(kernelArguments);
        }
        return new Layer(Layer.Kind.SETTINGS, LABEL, PackageDefinition.none(LABEL), settings.entries, Map.of(), null);
    }

    private void composefs(String value, String release) throws IOException {
        require("bootc-baseimage", "composefs");
        oneOf("release", release, Set.of("trixie", "forky", "sid"));
        oneOf("composefs", value, Set.of("no", "maybe", "yes"));
        if (value.equals("yes") && release.equals("trixie")) {
            throw refuse("composefs", "'yes' fits no image of trixie, whose OSTree has no composefs and could not deploy it; write 'maybe',"
                    + " or set <release> to the later one the image is built from");
        }
        replaceLine("/usr/lib/ostree/prepare-root.conf", "enabled", "enabled = " + (value.equals("maybe") ? value : value.equals("yes")));
    }

    private void rootFsType(String value) throws IOException {
        require("bootc-baseimage", "rootFsType");
        oneOf("rootFsType", value, Set.of("ext4", "xfs", "btrfs"));
        replaceLine("/usr/lib/bootc/install/00-bootc-baseimage.toml", "type", "type = \"" + value + "\"");
    }

    /** systemd.timer(5): an empty assignment takes back all of the unit's timers, so all are said anew. */
    private void updateSchedule(Map<String, String> schedule) {
        require("bootc", "updateSchedule");
        schedule.forEach((name, value) -> {
            oneOf("updateSchedule", name, Set.of("onBoot", "interval", "spread"));
            if (!value.matches(TIME_SPAN)) {
                throw refuse("updateSchedule><" + name, "'" + value + "' is no time span; expected one of systemd.time(7), such as 30min or 1h 30min");
            }
        });
        add("/usr/lib/systemd/system/bootc-fetch-apply-updates.timer.d/10-schedule.conf",
                "# As the POM of this package says.\n[Timer]\nOnBootSec=\nOnBootSec=" + schedule.getOrDefault("onBoot", "1h")
                        + "\nOnUnitInactiveSec=" + schedule.getOrDefault("interval", "8h")
                        + "\nRandomizedDelaySec=" + schedule.getOrDefault("spread", "2h") + "\n");
    }

    private void kernelArguments(List<String> arguments) {
        require("bootc-baseimage", "kernelArguments");
        for (String argument : arguments) {
            if (argument.isEmpty() || argument.chars().anyMatch(c -> c <= ' ' && !argument.contains("\"") || c == 0x7f)) {
                throw refuse("kernelArguments", "'" + argument + "' is not one kernel argument; write one an element");
            }
        }
        add("/usr/lib/bootc/kargs.d/10-project.toml", arguments.stream()
                .map(argument -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(", ", "# As the POM of this package says.\nkargs = [", "]\n")));
    }

    private void replaceLine(String path, String key, String line) throws IOException {
        InstallPath place = new InstallPath(path);
        for (Entry entry : bundled.entries()) {
            if (entry.path().equals(place) && entry instanceof Entry.File file) {
                add(path, file.content().text().replaceFirst("(?m)^" + key + " *=.*$", line));
            }
        }
    }

    private void add(String path, String text) {
        entries.add(new Entry.File(new InstallPath(path), Mode.FILE, Content.of(text)));
    }

    private void require(String name, String setting) {
        if (!bundled.definition().name().equals(name)) {
            throw refuse(setting, "belongs to package " + name + "; move it into that block");
        }
    }

    private void oneOf(String setting, String value, Set<String> values) {
        if (!values.contains(value)) {
            throw refuse(setting, "'" + value + "' is unknown; expected one of " + values.stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    private InvalidPackageException refuse(String setting, String why) {
        return new InvalidPackageException("<" + setting + "> of package " + bundled.definition().name(), why);
    }
}
