package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.definition.PackageDefinition.FileRule;
import io.github.debianatomic.maven.definition.PackageDefinition.OverlayAction;
import io.github.debianatomic.maven.definition.PackageDefinition.OverlayRule;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The layers laid over each other, then the rules of all of them applied: what a package ships and where it is from. */
final class LayeredTree {

    private final List<Layer> layers;
    private final PackageOptions options;
    private final Map<InstallPath, Entry> entries = new TreeMap<>();
    private final Map<InstallPath, String> origins = new TreeMap<>();
    private final Map<InstallPath, Layer> owners = new HashMap<>();
    private final List<String> decisions = new ArrayList<>();
    private final List<OverlayRule> overlayRules = new ArrayList<>();
    private final Map<String, List<String>> choices = new TreeMap<>();

    LayeredTree(List<Layer> layers, PackageOptions options) {
        this.layers = layers;
        this.options = options;
        for (Layer layer : layers) {
            overlayRules.addAll(0, layer.definition().overlayRules());
            choices.putAll(layer.definition().choices());
        }
        checkChoices();
        layers.forEach(this::lay);
        dropUnmetLinks();
        applyRules();
        exclude();
        keepLinksWithinTheRoot();
        judge();
    }

    Map<InstallPath, Entry> entries() {
        return entries;
    }

    Map<InstallPath, String> origins() {
        return origins;
    }

    List<String> decisions() {
        return decisions;
    }

    // ---- layers

    private void lay(Layer layer) {
        for (Entry entry : layer.entries()) {
            Entry placed = layer.kind() == Layer.Kind.OVERLAY ? decide(layer, entry) : entry;
            if (placed != null) {
                put(layer, placed, layer.label());
            }
        }
        layer.definition().links().forEach(link -> put(layer, link, layer.definition().source()));
        for (Entry.Directory directory : layer.definition().directories()) {
            put(layer, directory, layer.definition().source());
            entries.put(directory.path(), directory); // its mode is meant; that of a directory on disk is not
        }
    }

    /** What the package's {@code Overlay:} paragraphs, the project's first, make of an entry of an overlay: the same, another, or null. */
    private Entry decide(Layer layer, Entry entry) {
        for (OverlayRule rule : overlayRules) {
            if (!rule.matches(entry.path())) {
                continue;
            }
            boolean own = entries.containsKey(entry.path());
            if (rule.action() == OverlayAction.DROP || rule.action() == OverlayAction.KEEP && own) {
                if (!(entry instanceof Entry.Directory)) {
                    decisions.add(rule.action() == OverlayAction.DROP
                            ? "Leaving out " + entry.path() + " from " + layer.label() + ", which Debian has no use for"
                            : "Keeping " + entry.path() + " from " + origins.get(entry.path()) + " instead of the one from " + layer.label());
                }
                return null;
            }
            if (rule.action() == OverlayAction.MOVE && !(entry instanceof Entry.Directory)) {
                InstallPath target = new InstallPath(rule.target() + "/" + entry.path().name());
                decisions.add("Moving " + entry.path() + " from " + layer.label() + " to " + target);
                return entry.at(target);
            }
            return rule.action() == OverlayAction.MOVE ? null : entry;
        }
        return entry;
    }

    /** A layer may replace what an earlier one ships, not what it ships itself; of an overlay, files may be moved to one path. */
    private void put(Layer layer, Entry entry, String origin) {
        Entry earlier = entries.get(entry.path());
        if (earlier instanceof Entry.Directory && entry instanceof Entry.Directory) {
            return;
        }
        if (earlier != null && owners.get(entry.path()) == layer && layer.kind() != Layer.Kind.OVERLAY) {
            throw new InvalidPackageException(origin, "path " + entry.path() + " comes twice, as " + Entry.kind(earlier) + " and as "
                    + Entry.kind(entry) + "; keep one of them");
        }
        if (earlier != null) {
            decisions.add("Replacing " + entry.path() + " from " + origins.getOrDefault(entry.path(), "an earlier layer") + " by the one from " + origin);
        }
        entries.put(entry.path(), entry);
        origins.put(entry.path(), origin);
        owners.put(entry.path(), layer);
    }

    private void remove(InstallPath path) {
        entries.remove(path);
        origins.remove(path);
    }

    private void dropUnmetLinks() {
        // a conditional link does not make its own directory present
        Set<InstallPath> conditional = new HashSet<>();
        layers.forEach(layer -> conditional.addAll(layer.definition().linkConditions().keySet()));
        List<InstallPath> certain = entries.keySet().stream().filter(path -> !conditional.contains(path)).toList();
        for (Layer layer : layers) {
            layer.definition().linkConditions().forEach((link, needed) -> {
                if (!entries.containsKey(needed) && certain.stream().noneMatch(path -> path.isBelow(needed))) {
                    remove(link);
                }
            });
        }
    }

    // ---- rules

    private void applyRules() {
        List<FileRule> rules = layers.stream().flatMap(layer -> layer.definition().rules().stream()).toList();
        Map<FileRule, Boolean> matched = new LinkedHashMap<>();
        rules.forEach(rule -> matched.put(rule, false));
        Set<InstallPath> unshipped = new HashSet<>();
        for (Entry entry : List.copyOf(entries.values())) {
            if (!(entry instanceof Entry.File file)) {
                continue;
            }
            Mode mode = file.mode();
            for (FileRule rule : rules) {
                if (rule.matches(file.path())) {
                    matched.put(rule, true);
                    mode = rule.mode() == null ? mode : rule.mode();
                    if (rule.choice() != null && !rule.value().equals(choice(rule.choice()))) {
                        unshipped.add(file.path());
                    }
                }
            }
            entries.put(file.path(), new Entry.File(file.path(), mode, file.content()));
        }
        unshipped.forEach(this::remove);
        matched.forEach((rule, found) -> {
            if (!found) {
                throw new InvalidPackageException(rule.where(), "Files: " + rule.pattern() + " matches no file; add it under "
                        + rule.where().replaceFirst("/control:\\d+$", "") + "/root or delete the paragraph");
            }
        });
    }

    private String choice(String name) {
        return options.choices().getOrDefault(name, choices.get(name).get(0));
    }

    private void checkChoices() {
        options.choices().forEach((name, value) -> {
            List<String> values = choices.get(name);
            if (values == null || !values.contains(value)) {
                throw new InvalidPackageException("<" + name + "> of package " + layers.get(0).definition().name(),
                        values == null
                                ? "the package has no such choice; delete it"
                                : "'" + value + "' is unknown; expected one of " + String.join(", ", values));
            }
        });
    }

    private void exclude() {
        for (String pattern : options.excludes()) {
            List<InstallPath> excluded = entries.keySet().stream().filter(path -> PackageDefinition.glob(pattern, path)).toList();
            if (excluded.isEmpty()) {
                throw new InvalidPackageException("<excludes>", "'" + pattern + "' matches no path of the package; correct or delete it");
            }
            excluded.forEach(this::remove);
            excluded.forEach(path -> decisions.add("Leaving out " + path + " as <excludes> says"));
        }
    }

    /** Comes after every move: how many {@code ..} of a target are surplus depends on the link's path. */
    private void keepLinksWithinTheRoot() {
        entries.replaceAll((path, entry) -> {
            try {
                return entry instanceof Entry.Link link ? link.withinTheRoot() : entry;
            } catch (InvalidPackageException e) {
                throw e.at(origins.get(path));
            }
        });
    }

    /** Comes last: what a rule or an exclude leaves out is of no concern. */
    private void judge() {
        for (Entry entry : entries.values()) {
            if (entry instanceof Entry.Refused refused) {
                throw refused.reason();
            }
            if (entry.mode().equals(Mode.UNKNOWN)) {
                throw new InvalidPackageException(origins.get(entry.path()), entry.path() + " is a program, and where it comes from has no modes;"
                        + " add a paragraph 'Files: " + entry.path() + "' with 'Mode: 0755' to the package's control");
            }
        }
    }
}
