package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.grammar.Relation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The fields of deb-control(5). */
final class ControlFields {

    /** In the order dpkg-gencontrol(1) writes them. */
    static final List<String> ORDER = List.of(
            "Package", "Source", "Version", "Architecture", "Build-Essential", "Essential", "Protected", "Origin", "Bugs",
            "Maintainer", "Installed-Size", "Pre-Depends", "Depends", "Recommends", "Suggests", "Enhances", "Conflicts",
            "Breaks", "Replaces", "Provides", "Built-Using", "Static-Built-Using", "Section", "Priority", "Multi-Arch",
            "Homepage", "Description", "Tag");

    /** Those that a control file must not write, and why. */
    static final Map<String, String> COMPUTED = Map.of(
            "Version", "is taken from the project's version or the parameter version",
            "Maintainer", "is taken from the project's developers or the parameter maintainer",
            "Installed-Size", "is computed");

    /** Those that a control file may write. */
    static final Set<String> WRITABLE =
            ORDER.stream().filter(field -> !COMPUTED.containsKey(field)).collect(Collectors.toUnmodifiableSet());

    /** Those that hold relations to other packages. */
    static final Set<String> RELATIONS = Set.of(
            "Pre-Depends", "Depends", "Recommends", "Suggests", "Enhances", "Conflicts", "Breaks", "Replaces", "Provides", "Built-Using",
            "Static-Built-Using");

    private ControlFields() {}

    /**
     * @param value relations, separated by commas, each of alternatives separated by {@code |}
     * @param where its place in messages
     * @throws InvalidPackageException naming the first that dpkg would not understand
     */
    static void requireRelations(String value, String where) {
        for (String alternative : Relation.split(value)) {
            if (Relation.parse(alternative) == null) {
                throw new InvalidPackageException(where, "'" + alternative.replaceAll("\\s+", " ")
                        + "' is not a relation; expected a package's name, or one with a version such as dracut (>= 106)");
            }
        }
    }

    /** The same fields in dpkg's order. */
    static Map<String, String> ordered(Map<String, String> fields) {
        Map<String, String> ordered = new LinkedHashMap<>();
        ORDER.stream().filter(fields::containsKey).forEach(field -> ordered.put(field, fields.get(field)));
        return ordered;
    }
}
