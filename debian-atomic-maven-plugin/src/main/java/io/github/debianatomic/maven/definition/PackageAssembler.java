package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.deb.Changelog;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.deb.Gzip;
import io.github.debianatomic.maven.deb.MaintainerScripts;
import io.github.debianatomic.maven.definition.PackageDefinition.FileRule;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.FileTree;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Turns a package's folder and a project's options into the package to write. */
public final class PackageAssembler {

    private static final String UNITS = "/usr/lib/systemd/system";
    private static final Set<String> UNIT_KINDS =
            Set.of("service", "socket", "timer", "path", "target", "mount", "automount", "swap", "slice");

    private final PackageFolder folder;
    private final PackageDefinition definition;
    private final PackageOptions options;

    private PackageAssembler(PackageFolder folder, PackageOptions options) {
        this.folder = folder;
        this.definition = folder.definition();
        this.options = options;
    }

    /**
     * @param folder the package as it is described
     * @param options what the project decides
     * @return the package, complete
     * @throws InvalidPackageException when the description contradicts itself or the options do not fit it
     * @throws IOException when a file of the folder cannot be read
     */
    public static Deb assemble(PackageFolder folder, PackageOptions options) throws IOException {
        return new PackageAssembler(folder, options).assemble();
    }

    private Deb assemble() throws IOException {
        checkChoices();
        List<Entry> entries = new ArrayList<>(files());
        entries.addAll(definition.links());
        entries.addAll(definition.directories());
        Map<String, Boolean> units = units(entries);
        if (!units.isEmpty()) {
            entries.add(preset(units));
        }
        entries.add(new Entry.File(
                new InstallPath("/usr/share/doc/" + definition.name() + "/" + Changelog.fileName(options.version())),
                Mode.FILE,
                gzip(Content.of(Changelog.of(
                        definition.name(), options.version(), options.change(), options.maintainer(), options.time())))));
        FileTree tree;
        try {
            tree = FileTree.of(entries);
        } catch (InvalidPackageException e) {
            throw e.at(folder.label());
        }
        return new Deb(control(tree), options.version(), tree, scripts(tree, units), definition.triggers(), options.time());
    }

    // ---- files

    private List<Entry.File> files() throws IOException {
        Set<FileRule> unmatched = new HashSet<>(definition.rules());
        List<Entry.File> files = new ArrayList<>();
        for (Map.Entry<InstallPath, Content> file : folder.files().entrySet()) {
            InstallPath path = file.getKey();
            Mode mode = Mode.FILE;
            boolean shipped = true;
            for (FileRule rule : definition.rules()) {
                if (rule.matches(path)) {
                    unmatched.remove(rule);
                    mode = rule.mode() == null ? mode : rule.mode();
                    shipped &= rule.choice() == null || rule.value().equals(choice(rule.choice()));
                }
            }
            if (shipped) {
                files.add(isManPage(path)
                        ? new Entry.File(new InstallPath(path + ".gz"), mode, gzip(file.getValue()))
                        : new Entry.File(path, mode, file.getValue()));
            }
        }
        for (FileRule rule : definition.rules()) {
            if (unmatched.contains(rule)) {
                throw new InvalidPackageException(rule.where(), "Files: " + rule.pattern()
                        + " matches no file; add it under " + folder.label() + "/root or delete the paragraph");
            }
        }
        return files;
    }

    private void checkChoices() {
        options.choices().forEach((name, value) -> {
            List<String> values = definition.choices().get(name);
            if (values == null || !values.contains(value)) {
                throw new InvalidPackageException("<" + name + "> of package " + definition.name(),
                        values == null
                                ? "the package has no such choice; delete it"
                                : "'" + value + "' is unknown; expected one of " + String.join(", ", values));
            }
        });
    }

    private String choice(String name) {
        return options.choices().getOrDefault(name, definition.choices().get(name).get(0));
    }

    /** Policy 12.1: manual pages are installed compressed. The one place where a path in root/ is not the one on disk. */
    private static boolean isManPage(InstallPath path) {
        return path.value().matches("/usr/share/man/(.+/)?man[1-9]/[^/]+\\.[1-9][a-z]*");
    }

    private static Content gzip(Content content) throws IOException {
        return new Content.Bytes(Gzip.compress(content.bytes()));
    }

    // ---- units

    /** Units with an [Install] section and whether they are enabled, the project's choices applied. */
    private Map<String, Boolean> units(List<Entry> entries) throws IOException {
        Map<String, Boolean> units = new TreeMap<>(definition.units());
        Set<String> installable = new HashSet<>();
        for (Entry entry : entries) {
            if (entry instanceof Entry.File file && isUnit(file.path()) && file.content().text().contains("\n[Install]\n")) {
                installable.add(file.path().name());
            }
        }
        for (String unit : installable) {
            if (!units.containsKey(unit)) {
                throw new InvalidPackageException(definition.source(), "has no paragraph for " + unit
                        + ", which has an [Install] section; add 'Unit: " + unit + "' with 'Enable: yes' or 'Enable: no'");
            }
        }
        for (String unit : units.keySet()) {
            if (!installable.contains(unit)) {
                throw new InvalidPackageException(definition.source(), "has a paragraph for unit " + unit
                        + ", but " + folder.label() + "/root" + UNITS + "/" + unit + " is not there or has no [Install] section");
            }
        }
        set(units, options.enabledUnits(), true, "enabledUnits");
        set(units, options.disabledUnits(), false, "disabledUnits");
        return units;
    }

    private void set(Map<String, Boolean> units, List<String> names, boolean enable, String parameter) {
        for (String unit : names) {
            if (units.replace(unit, enable) == null) {
                throw new InvalidPackageException("<" + parameter + "> of package " + definition.name(), "unit '" + unit
                        + "' is not one that can be enabled; expected one of " + String.join(", ", units.keySet()));
            }
            if (options.enabledUnits().contains(unit) && options.disabledUnits().contains(unit)) {
                throw new InvalidPackageException("package " + definition.name(),
                        "unit '" + unit + "' stands in <enabledUnits> and in <disabledUnits>; keep it in one");
            }
        }
    }

    private static boolean isUnit(InstallPath path) {
        String name = path.name();
        return path.parent().value().equals(UNITS) && UNIT_KINDS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /** systemd.preset(5): without it {@code systemctl preset-all} enables whatever has an [Install] section. */
    private Entry preset(Map<String, Boolean> units) {
        StringBuilder text = new StringBuilder("# Agrees with the maintainer scripts of " + definition.name() + ".\n");
        units.forEach((unit, enable) -> text.append(enable ? "enable " : "disable ").append(unit).append('\n'));
        return new Entry.File(
                new InstallPath("/usr/lib/systemd/system-preset/50-" + definition.name() + ".preset"), Mode.FILE, Content.of(text.toString()));
    }

    private Map<String, String> scripts(FileTree tree, Map<String, Boolean> units) {
        List<String> enabled = units.keySet().stream().filter(units::get).filter(unit -> !isTemplate(unit)).toList();
        List<String> disabled = units.keySet().stream().filter(unit -> !units.get(unit)).filter(unit -> !isTemplate(unit)).toList();
        List<String> stoppable = tree.files().stream()
                .map(Entry.File::path)
                .filter(PackageAssembler::isUnit)
                .map(InstallPath::name)
                .filter(unit -> !isTemplate(unit))
                .toList();
        return new MaintainerScripts(enabled, disabled, stoppable, confFiles(tree, "sysusers.d"), confFiles(tree, "tmpfiles.d"))
                .merge(folder.scripts(), folder.label());
    }

    private static boolean isTemplate(String unit) {
        return unit.contains("@.");
    }

    private static List<String> confFiles(FileTree tree, String directory) {
        return tree.filesIn("/usr/lib/" + directory).stream()
                .map(file -> file.path().name())
                .filter(name -> name.endsWith(".conf"))
                .toList();
    }

    // ---- control

    private Map<String, String> control(FileTree tree) {
        Map<String, String> fields = new LinkedHashMap<>(definition.fields());
        options.relations().forEach((field, values) -> {
            if (!values.isEmpty()) {
                String added = String.join(", ", values);
                fields.merge(field, added, (own, more) -> own + ", " + more);
            }
        });
        // one line each, as dpkg-gencontrol writes them
        fields.replaceAll((field, value) -> field.equals("Description")
                ? value
                : String.join(" ", Arrays.asList(value.strip().split("\\s+"))));
        fields.put("Version", options.version().toString());
        fields.put("Maintainer", options.maintainer());
        fields.put("Installed-Size", Long.toString(tree.installedSize()));
        return ControlFields.ordered(fields);
    }
}
