package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A package's {@code control} file: the fields of its first paragraph and what the folder {@code root/} cannot say in
 * the later ones, each of one kind.
 *
 * @param source the file's name in messages
 * @param fields the control fields as written
 * @param rules modes and conditions of files, in order; of the modes the last match wins, conditions must all hold
 * @param links symbolic links
 * @param linkConditions the path that must be in the tree for a link to be shipped, by the link's path
 * @param directories directories that no file implies, or with a mode of their own
 * @param units units with an [Install] section by name, and whether they are enabled
 * @param triggers lines of deb-triggers(5)
 * @param choices the values each choice has, its default first
 * @param overlayRules what becomes of files of foreign overlays, in order; the first match decides
 * @param conditionalFields control fields that depend on the tree, in order
 */
public record PackageDefinition(
        String source,
        Map<String, String> fields,
        List<FileRule> rules,
        List<Entry.Link> links,
        Map<InstallPath, InstallPath> linkConditions,
        List<Entry.Directory> directories,
        Map<String, Boolean> units,
        List<String> triggers,
        Map<String, List<String>> choices,
        List<OverlayRule> overlayRules,
        List<ConditionalFields> conditionalFields) {

    /**
     * A {@code When:} paragraph.
     *
     * @param needed the path that must be in the tree
     * @param fields relations, which are appended to those of the package, and a Description that replaces the package's
     */
    public record ConditionalFields(InstallPath needed, Map<String, String> fields) {

        /** Copies the map, in its order. */
        public ConditionalFields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /**
     * A {@code Files:} paragraph.
     *
     * @param where its place in messages
     * @param pattern one of its globs; {@code *} matches {@code /} too, as in DEP-5
     * @param mode the mode of what matches, or null
     * @param choice the name of the choice that decides whether it is shipped, or null
     * @param value the value it is shipped with, or null
     */
    public record FileRule(String where, String pattern, Mode mode, String choice, String value) {

        boolean matches(InstallPath path) {
            return glob(pattern, path);
        }
    }

    /** What a foreign overlay's files come to. */
    public enum OverlayAction {
        /** The package has its own: the overlay's is left out where the package has the path, taken where not. */
        KEEP,
        /** Left out. */
        DROP,
        /** Installed in another directory. */
        MOVE
    }

    /**
     * An {@code Overlay:} paragraph.
     *
     * @param pattern as of {@link FileRule}
     * @param action what happens
     * @param target the directory that {@link OverlayAction#MOVE} moves to, or null
     */
    public record OverlayRule(String pattern, OverlayAction action, InstallPath target) {

        boolean matches(InstallPath path) {
            return glob(pattern, path);
        }
    }

    /** {@code *} matches {@code /} too, as in DEP-5; several globs are separated by blanks. */
    static boolean glob(String pattern, InstallPath path) {
        for (String glob : pattern.split("\\s+")) {
            String regex = Pattern.compile("[*?]|[^*?]+").matcher(glob).replaceAll(part -> switch (part.group()) {
                case "*" -> ".*";
                case "?" -> ".";
                default -> Matcher.quoteReplacement(Pattern.quote(part.group()));
            });
            if (path.value().matches(regex)) {
                return true;
            }
        }
        return false;
    }

    /** Copies the collections, in their order. */
    public PackageDefinition {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        rules = List.copyOf(rules);
        links = List.copyOf(links);
        linkConditions = Map.copyOf(linkConditions);
        overlayRules = List.copyOf(overlayRules);
        conditionalFields = List.copyOf(conditionalFields);
        directories = List.copyOf(directories);
        units = Collections.unmodifiableMap(new LinkedHashMap<>(units));
        triggers = List.copyOf(triggers);
        choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
    }

    /** The definition of a layer without a {@code control}. */
    static PackageDefinition none(String source) {
        return new PackageDefinition(
                source, Map.of(), List.of(), List.of(), Map.of(), List.of(), Map.of(), List.of(), Map.of(), List.of(), List.of());
    }

    /** The package's name; null when the file does not name it. */
    public String name() {
        return fields.get("Package");
    }

    /**
     * @param text the file, deb822(5)
     * @param source its name in messages
     * @throws InvalidPackageException naming file and line for everything that is not understood
     */
    public static PackageDefinition parse(String text, String source) {
        return new DefinitionParser(source).parse(text);
    }
}
