package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.tree.InstallPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of package apt-ostree that a POM replaces: in the paths and the texts of its folder, {@code control} included. */
public final class Replacements {

    /** Replaces nothing. */
    public static final Replacements NONE = new Replacements(Map.of());

    private static final String PACKAGE = "apt-ostree";
    private static final String BUS_NAME = "org.debian.aptostree1";
    private static final String PROGRAM = "/usr/bin/apt-ostree";

    /** The grammar that bus names, interface names (D-Bus Specification) and action ids (polkit(8)) have in common. */
    private static final Pattern BUS_NAME_GRAMMAR = Pattern.compile("(?=.{1,200}$)[A-Za-z][A-Za-z0-9]*(\\.[A-Za-z][A-Za-z0-9]*)+");

    /** The characters that mean themselves in units, in shell scripts and in XML. */
    private static final Pattern PROGRAM_GRAMMAR = Pattern.compile("/usr(/[A-Za-z0-9._+-]+){2,}");

    private final Map<Pattern, String> texts;

    private Replacements(Map<Pattern, String> texts) {
        this.texts = texts;
    }

    /**
     * @param busName the daemon's name on the system bus, or null
     * @param program the path of the program, or null
     * @throws InvalidPackageException for a value outside its grammar
     */
    static Replacements of(String busName, String program) {
        Map<Pattern, String> texts = new LinkedHashMap<>();
        if (busName != null) {
            requireBusName(busName);
            texts.put(notWithinALongerName(BUS_NAME), busName);
        }
        if (program != null) {
            requireProgram(program);
            texts.put(notWithinALongerName(PROGRAM), program);
        }
        return texts.isEmpty() ? NONE : new Replacements(texts);
    }

    private static Pattern notWithinALongerName(String name) {
        return Pattern.compile("(?<![\\w.-])" + Pattern.quote(name) + "(?![\\w-])");
    }

    private static void requireBusName(String value) {
        if (!BUS_NAME_GRAMMAR.matcher(value).matches() || value.equals("org.freedesktop.DBus")) {
            throw new InvalidPackageException("<busName> of package " + PACKAGE, "'" + value
                    + "' cannot be a bus name with interfaces and polkit actions below it; expected two or more parts of"
                    + " ASCII letters and digits, each starting with a letter, joined by dots, such as " + BUS_NAME);
        }
    }

    private static void requireProgram(String value) {
        String where = "<program> of package " + PACKAGE;
        if (!PROGRAM_GRAMMAR.matcher(value).matches()) {
            throw new InvalidPackageException(where, "'" + value
                    + "' is not the path of a program below /usr; expected letters, digits and / . _ + - only, such as " + PROGRAM);
        }
        try {
            new InstallPath(value);
        } catch (InvalidPackageException e) {
            throw e.at(where);
        }
    }

    /** The text or the path with the names replaced. */
    String in(String text) {
        String replaced = text;
        for (Map.Entry<Pattern, String> entry : texts.entrySet()) {
            replaced = entry.getKey().matcher(replaced).replaceAll(Matcher.quoteReplacement(entry.getValue()));
        }
        return replaced;
    }
}
