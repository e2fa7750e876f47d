package io.github.debianatomic.maven.definition;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.compress.Gzip;
import io.github.debianatomic.maven.deb.Changelog;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.deb.MaintainerScripts;
import io.github.debianatomic.maven.elf.Binaries;
import io.github.debianatomic.maven.elf.SharedLibraries;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Turns a package's folder and a project's options into the package to write. */
public final class PackageAssembler {

    private static final String UNITS = "/usr/lib/systemd/system";
    private static final Set<String> UNIT_KINDS =
            Set.of("service", "socket", "timer", "path", "target", "mount", "automount", "swap", "slice");

    private static final Pattern INSTALL_SECTION = Pattern.compile("(?m)^\\[Install\\]\\s*$");

    private final List<Layer> layers;
    private final PackageDefinition definition;
    private final PackageOptions options;
    private final LayeredTree layered;

    private PackageAssembler(List<Layer> layers, PackageOptions options) {
        this.layers = List.copyOf(layers);
        this.definition = layers.get(0).definition();
        this.options = options;
        this.layered = new LayeredTree(layers, options);
    }

    /**
     * @param layers the package as it is described, and what lies over it; the first names the package
     * @param options what the project decides
     * @return the package, complete
     * @throws InvalidPackageException when the description contradicts itself or the options do not fit it
     * @throws IOException when a file cannot be read
     */
    public static Assembly assemble(List<Layer> layers, PackageOptions options) throws IOException {
        return new PackageAssembler(layers, options).assemble();
    }

    private Assembly assemble() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : layered.entries().values()) {
            if (entry instanceof Entry.File file) {
                requireUnixLines(file);
            }
            entries.add(entry instanceof Entry.File file && isManPage(file.path())
                    ? new Entry.File(new InstallPath(file.path() + ".gz"), file.mode(), gzip(file.content()))
                    : entry instanceof Entry.Link link && isManPage(link.path()) && leadsToManPage(link)
                            ? new Entry.Link(new InstallPath(link.path() + ".gz"), link.target() + ".gz")
                            : entry);
        }
        Map<String, Boolean> units = units(entries);
        if (!units.isEmpty()) {
            entries.add(preset(units));
        }
        entries.add(changelog());
        FileTree tree;
        try {
            tree = FileTree.of(entries);
        } catch (InvalidPackageException e) {
            throw e.at(label());
        }
        Map<String, String> control = control(tree);
        List<String> decisions = new ArrayList<>(layered.decisions());
        try {
            Binaries binaries = Binaries.of(tree.entries());
            control.put("Architecture", binaries.architecture(control.get("Architecture"), architectureIsTheUsers()));
            if (options.shlibdeps() != null) {
                SharedLibraries libraries = SharedLibraries.find(
                        definition.name(), control.get("Architecture"), tree, binaries.linked(), options.shlibdeps());
                control = withDepends(control, libraries.depends());
                decisions.addAll(libraries.remarks());
            } else {
                binaries.requireAnswered(control.getOrDefault("Depends", "") + ", " + control.getOrDefault("Pre-Depends", ""));
            }
            decisions.addAll(binaries.remarks());
        } catch (InvalidPackageException e) {
            throw e.at("package " + definition.name());
        }
        MaintainerScripts scripts = maintainerScripts(tree, units);
        Deb deb = new Deb(control, options.version(), tree, scripts.merge(writtenScripts(), label()), triggers(), options.time());
        return new Assembly(deb, origins(tree), reasons(scripts), decisions);
    }

    /** Of what is in the tree: compressed manual pages are from where their source is. */
    private SortedMap<InstallPath, String> origins(FileTree tree) {
        SortedMap<InstallPath, String> origins = new TreeMap<>();
        for (Entry entry : tree.entries()) {
            if (!(entry instanceof Entry.Directory)) {
                InstallPath source = new InstallPath(entry.path().value().replaceFirst("\\.gz$", ""));
                origins.put(entry.path(), layered.origins().getOrDefault(entry.path(), layered.origins().getOrDefault(source, "derived")));
            }
        }
        return origins;
    }

    /** Only a bundled package has an Architecture that a program may change: {@code all}, as long as it ships none. */
    private boolean architectureIsTheUsers() {
        return options.fields().containsKey("Architecture")
                || layers.stream().anyMatch(layer -> layer.kind() == Layer.Kind.PROJECT && layer.definition().fields().containsKey("Architecture"));
    }

    private String label() {
        return layers.get(0).label();
    }

    private List<String> triggers() {
        return layers.stream().flatMap(layer -> layer.definition().triggers().stream()).distinct().toList();
    }

    /** A carriage return in a script or a unit is an error that the system finds late. */
    private void requireUnixLines(Entry.File file) throws IOException {
        if (!file.content().isScript() && !isUnit(file.path())) {
            return;
        }
        // an installer is a script with an archive behind it, which is neither small nor text
        String start = new String(file.content().start(1 << 16), ISO_8859_1);
        if (start.split("\0", 2)[0].contains("\r\n")) {
            throw new InvalidPackageException(layered.origins().get(file.path()),
                    file.path() + " has lines that end in CR LF; expected LF alone (in git: mark the file `-text` in .gitattributes)");
        }
    }

    /** Policy 12.1: manual pages are installed compressed. The one place where a path in root/ is not the one on disk. */
    private static boolean isManPage(InstallPath path) {
        return path.value().matches("/usr/share/man/(.+/)?man[1-9]/[^/]+\\.[1-9][a-z]*");
    }

    /** A link to a page that is compressed follows it, as under dh_compress(1). */
    private boolean leadsToManPage(Entry.Link link) {
        Entry page = link;
        for (int steps = 0; page instanceof Entry.Link next && steps < 40; steps++) { // as many as Linux follows
            page = layered.entries().get(next.destination());
        }
        return page instanceof Entry.File && isManPage(page.path());
    }

    private static Content gzip(Content content) throws IOException {
        return new Content.Bytes(Gzip.compress(content.bytes()));
    }

    private Entry changelog() throws IOException {
        String text = Changelog.of(definition.name(), options.version(), options.change(), options.maintainer(), options.time());
        for (Layer layer : layers) {
            if (layer.changelog() != null) {
                text = Changelog.check(layer.changelog(), definition.name(), layer.label() + "/changelog");
            }
        }
        String path = "/usr/share/doc/" + definition.name() + "/" + Changelog.fileName(options.version());
        return new Entry.File(new InstallPath(path), Mode.FILE, gzip(Content.of(text)));
    }

    // ---- units

    /** Units with an [Install] section and whether they are enabled, the project's choices applied. */
    private Map<String, Boolean> units(List<Entry> entries) throws IOException {
        Map<String, Boolean> units = new TreeMap<>();
        layers.forEach(layer -> units.putAll(layer.definition().units()));
        Set<String> installable = new HashSet<>();
        for (Entry entry : entries) {
            if (entry instanceof Entry.File file && isUnit(file.path()) && INSTALL_SECTION.matcher(file.content().text()).find()) {
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
                        + ", but " + label() + "/root" + UNITS + "/" + unit + " is not there or has no [Install] section; correct the name, or delete the paragraph");
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

    private static MaintainerScripts maintainerScripts(FileTree tree, Map<String, Boolean> units) throws IOException {
        List<String> enabled = units.keySet().stream().filter(units::get).filter(unit -> !isTemplate(unit)).toList();
        List<String> disabled = units.keySet().stream().filter(unit -> !units.get(unit)).filter(unit -> !isTemplate(unit)).toList();
        List<String> stoppable = stoppable(tree, units.keySet());
        return new MaintainerScripts(enabled, disabled, stoppable, confFiles(tree, "sysusers.d"), confFiles(tree, "tmpfiles.d"));
    }

    /**
     * The units that may run on a system and whose stop means no more than that: those that can be enabled, what those
     * trigger, and what D-Bus starts. A unit that works when it is stopped must not be made to by a removal.
     */
    private static List<String> stoppable(FileTree tree, Set<String> installable) throws IOException {
        List<String> stoppable = new ArrayList<>();
        for (Entry.File file : tree.filesIn(UNITS)) {
            String unit = file.path().name();
            if (!isUnit(file.path()) || isTemplate(unit)) {
                continue;
            }
            String text = file.content().text();
            String base = unit.substring(0, unit.lastIndexOf('.') + 1);
            boolean triggered = installable.stream().anyMatch(other -> other.startsWith(base));
            boolean works = Pattern.compile("(?m)^ExecStop=").matcher(text).find();
            if (!works && (triggered || Pattern.compile("(?m)^BusName=").matcher(text).find())) {
                stoppable.add(unit);
            }
        }
        return stoppable;
    }

    private Map<String, List<String>> reasons(MaintainerScripts scripts) {
        Map<String, List<String>> reasons = new TreeMap<>();
        for (Layer layer : layers) {
            layer.scripts().keySet().forEach(name -> reasons.put(name, new ArrayList<>(List.of("runs " + layer.label() + "/" + name))));
        }
        scripts.reasons().forEach((name, sentences) -> reasons.computeIfAbsent(name, n -> new ArrayList<>()).addAll(sentences));
        return reasons;
    }

    /** By name; a later layer's script takes the place of an earlier one's. */
    private Map<String, String> writtenScripts() {
        Map<String, String> scripts = new LinkedHashMap<>();
        layers.forEach(layer -> scripts.putAll(layer.scripts()));
        return scripts;
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
        Map<String, String> fields = new LinkedHashMap<>(Map.of("Architecture", "all")); // unless a file or a binary says another
        for (Layer layer : layers) {
            fields.putAll(layer.definition().fields());
            for (PackageDefinition.ConditionalFields conditional : layer.definition().conditionalFields()) {
                // the tree has the parent directories too, but only the compressed names of manual pages
                if (layered.entries().containsKey(conditional.needed()) || tree.get(conditional.needed()) != null) {
                    conditional.fields().forEach((field, value) -> fields.merge(field, value,
                            (own, more) -> ControlFields.RELATIONS.contains(field) ? own + ", " + more : more));
                }
            }
        }
        options.fields().forEach((field, value) -> {
            String where = "<fields><" + field + "> of package " + definition.name();
            Set<String> settable = new TreeSet<>(ControlFields.WRITABLE);
            settable.remove("Package");
            if (!settable.contains(field)) {
                throw new InvalidPackageException(where, "is no field to be set here; expected one of " + String.join(", ", settable));
            }
            if (ControlFields.RELATIONS.contains(field)) {
                ControlFields.requireRelations(value, where);
            }
            fields.put(field, value);
        });
        options.relations().forEach((field, values) -> {
            if (!values.isEmpty()) {
                values.forEach(value -> ControlFields.requireRelations(value, "<" + field.toLowerCase(Locale.ROOT) + "> of package " + definition.name()));
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

    /** What is there already is not said twice. */
    private static Map<String, String> withDepends(Map<String, String> control, List<String> found) {
        Set<String> depends = new LinkedHashSet<>(List.of(control.getOrDefault("Depends", "").split(", *")));
        depends.remove("");
        depends.addAll(found);
        Map<String, String> fields = new LinkedHashMap<>(control);
        if (!depends.isEmpty()) {
            fields.put("Depends", String.join(", ", depends));
        }
        return ControlFields.ordered(fields);
    }
}
