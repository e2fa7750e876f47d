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
     * @param name the package
     * @param values {@code busName}, {@code program}
     * @throws InvalidPackageException for a value outside its grammar, and in the block of another package
     */
    public static Replacements of(String name, Map<String, String> values) {
        Map<Pattern, String> texts = new LinkedHashMap<>();
        values.forEach((setting, value) -> {
            if (!name.equals(PACKAGE)) {
                throw refuse(setting, name, "belongs to package " + PACKAGE + "; move it into that block");
            }
            boolean busName = setting.equals("busName");
            require(setting, name, value);
            // not within a longer name
            texts.put(Pattern.compile("(?<![\\w.-])" + Pattern.quote(busName ? BUS_NAME : PROGRAM) + "(?![\\w-])"), value);
        });
        return new Replacements(texts);
    }

    private static void require(String setting, String name, String value) {
        if (setting.equals("busName") && (!BUS_NAME_GRAMMAR.matcher(value).matches() || value.equals("org.freedesktop.DBus"))) {
            throw refuse(setting, name, "'" + value + "' cannot be a bus name with interfaces and polkit actions below it; expected two or more parts of"
                    + " ASCII letters and digits, each starting with a letter, joined by dots, such as " + BUS_NAME);
        }
        if (setting.equals("program")) {
            if (!PROGRAM_GRAMMAR.matcher(value).matches()) {
                throw refuse(setting, name, "'" + value + "' is not the path of a program below /usr; expected letters, digits and / . _ + - only, such as " + PROGRAM);
            }
            try {
                new InstallPath(value);
            } catch (InvalidPackageException e) {
                throw e.at("<" + setting + "> of package " + name);
            }
        }
    }

    private static InvalidPackageException refuse(String setting, String name, String why) {
        return new InvalidPackageException("<" + setting + "> of package " + name, why);
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
