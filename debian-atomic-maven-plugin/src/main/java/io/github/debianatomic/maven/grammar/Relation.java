package io.github.debianatomic.maven.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One alternative of a relation between packages, Policy 7.1.
 *
 * @param text as it is written
 * @param name of the package
 * @param version the operator and the version as they are written, or empty
 */
public record Relation(String text, String name, String version) {

    private static final Pattern RELATION = Pattern.compile(
            "(" + PackageName.GRAMMAR + ")(?::[a-z0-9-]+)?(?:\\s*\\(\\s*((?:<<|<=|=|>=|>>)\\s*[0-9][A-Za-z0-9.+:~-]*)\\s*\\))?");

    /**
     * @param text without blanks around it
     * @return the relation, or null when dpkg would not understand it
     */
    public static Relation parse(String text) {
        Matcher matcher = RELATION.matcher(text);
        return matcher.matches() ? new Relation(text, matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2)) : null;
    }

    /** The alternatives in the value of a field, without blanks around them, understood or not. */
    public static List<String> split(String value) {
        List<String> alternatives = new ArrayList<>();
        for (String relation : value.split(",", -1)) {
            for (String alternative : relation.split("\\|", -1)) {
                alternatives.add(alternative.strip());
            }
        }
        return alternatives;
    }

    /** The names of the packages in the value of a field; what is not understood is left out. */
    public static List<String> names(String value) {
        List<String> names = new ArrayList<>();
        for (String alternative : split(value)) {
            Relation relation = parse(alternative);
            if (relation != null) {
                names.add(relation.name());
            }
        }
        return names;
    }
}
