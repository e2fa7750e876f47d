package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The TOML that bootc reads in kargs.d: two keys, each an array of strings, and nothing else. */
final class KargsChecks {

    private static final Pattern FILES = Pattern.compile("/usr/lib/bootc/kargs\\.d/[^/]+\\.toml");

    static final List<Check> ALL = List.of(
            Check.error("kargs", "files of kargs.d are TOML with kargs and perhaps match-architectures", deb -> deb.texts(FILES)
                    .flatMap(path -> flaws(deb.text(path)).stream().map(why -> new Flaw(path, why)))));

    /** bootc names architectures as Rust does; Debian's names match nothing. */
    private static final Map<String, String> RUST_NAME =
            Map.of("amd64", "x86_64", "arm64", "aarch64", "ppc64el", "powerpc64", "i386", "x86");

    private final String text;
    private int position;

    private KargsChecks(String text) {
        this.text = text;
    }

    /** What bootc would not read, or not as it was meant. */
    static List<String> flaws(String text) {
        return new KargsChecks(text).read();
    }

    private List<String> read() {
        Map<String, List<String>> arrays = new HashMap<>();
        List<String> flaws = new ArrayList<>();
        skip(true);
        while (position < text.length()) {
            String key = key();
            List<String> values = key.isEmpty() || !take('=') || !take('[') ? null : strings();
            if (values == null) {
                long line = 1 + text.substring(0, position).chars().filter(c -> c == '\n').count();
                return List.of("line " + line + " is not what bootc reads there; expected KEY = [\"...\", ...]");
            }
            if (!key.equals("kargs") && !key.equals("match-architectures")) {
                flaws.add("has the key " + key + ", at which bootc stops; expected kargs and match-architectures");
            } else if (arrays.put(key, values) != null) {
                flaws.add("has the key " + key + " twice; join the two");
            }
            skip(true);
        }
        if (!arrays.containsKey("kargs") && flaws.isEmpty()) {
            flaws.add("has no key kargs, which bootc requires");
        }
        arrays.getOrDefault("match-architectures", List.of()).stream().filter(RUST_NAME::containsKey).forEach(name ->
                flaws.add("match-architectures has " + name + ", which bootc calls " + RUST_NAME.get(name)));
        return flaws;
    }

    private char next() {
        return position < text.length() ? text.charAt(position) : 0;
    }

    /** Blanks; with lines, also line ends and comments. */
    private void skip(boolean lines) {
        while (" \t".indexOf(next()) >= 0 || lines && "\r\n#".indexOf(next()) >= 0) {
            if (next() == '#') {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end;
            } else {
                position++;
            }
        }
    }

    private boolean take(char wanted) {
        skip(false);
        boolean found = next() == wanted;
        position += found ? 1 : 0;
        return found;
    }

    private String key() {
        int start = position;
        while (Character.isLetterOrDigit(next()) || next() == '-' || next() == '_') {
            position++;
        }
        return text.substring(start, position);
    }

    /** The strings up to the array's end, which ends its line but for a comment; null when it is anything else. */
    private List<String> strings() {
        List<String> values = new ArrayList<>();
        boolean comma = true;
        for (skip(true); next() != ']'; skip(true)) {
            String value = comma ? string() : null;
            if (value == null) {
                return null;
            }
            values.add(value);
            skip(true);
            comma = take(',');
        }
        position++;
        skip(false);
        return "\r\n#\0".indexOf(next()) >= 0 ? values : null;
    }

    private String string() {
        char quote = next();
        if (quote != '"' && quote != '\'') {
            return null;
        }
        StringBuilder value = new StringBuilder();
        for (position++; next() != quote; position++) {
            if (next() == 0 || next() == '\n') {
                return null;
            }
            if (next() == '\\' && quote == '"') {
                position++;
                int digits = next() == 'u' ? 4 : next() == 'U' ? 8 : 0;
                if ("btnfr\"\\uU".indexOf(next()) < 0
                        || digits > 0 && !text.substring(position + 1, Math.min(text.length(), position + 1 + digits)).matches("[0-9A-Fa-f]{" + digits + "}")) {
                    return null;
                }
            }
            value.append(next());
        }
        position++;
        return value.toString();
    }
}
