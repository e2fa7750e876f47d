package io.github.debianatomic.maven.elf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The name by which a binary needs a shared library, and Debian's packages that may ship it.
 *
 * @param name the soname
 * @param library its part before {@code .so} as a package's name has it: lower case, without underscore; of a library that
 *     is shipped beside another, the other's
 * @param version its part behind {@code .so.}, or empty
 */
record Soname(String name, String library, String version) {

    /** {@code src/sonames/renew} makes it. */
    private static final Map<String, String> PACKAGES = table("/sonames/trixie.conf");

    /** Libraries that come in the package of a sibling, with the version of their own soname. */
    private static final Map<Pattern, String> SIBLINGS = Map.of(
            Pattern.compile("libicu[a-z0-9]+"), "libicu",
            Pattern.compile("liblber"), "libldap",
            Pattern.compile("lib(form|menu|panel)(w?)"), "libncurses$2",
            Pattern.compile("libhistory"), "libreadline",
            Pattern.compile("libbrotli(common|dec|enc)"), "libbrotli",
            Pattern.compile("libpsx"), "libcap",
            Pattern.compile("libg[dt]k-x11-2\\.0"), "libgtk2.0",
            Pattern.compile("libgdk-3"), "libgtk-3",
            Pattern.compile("libgst(base|check|controller|net|reamer)-1\\.0"), "libgstreamer1.0");

    /** Packages that come beside a library's. */
    private static final Pattern NO_LIBRARY = Pattern.compile(".*-(bin|common|data|dbg|dbgsym|dev|doc|tools|utils)");

    /** The ending of the transition to 64-bit times. */
    private static final Pattern TIME64 = Pattern.compile("(?<=\\d)t64(?=-|$)");

    private static Map<String, String> table(String resource) {
        Map<String, String> table = new HashMap<>();
        try (InputStream in = Soname.class.getResourceAsStream(resource)) {
            new String(in.readAllBytes(), UTF_8).lines().filter(line -> !line.startsWith("#")).forEach(line ->
                    table.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    static Soname of(String soname) {
        String[] parts = soname.split("\\.so\\.?", 2);
        String library = parts[0].toLowerCase(Locale.ROOT).replace('_', '-');
        String owner = library;
        for (Map.Entry<Pattern, String> sibling : SIBLINGS.entrySet()) {
            Matcher matcher = sibling.getKey().matcher(library);
            owner = matcher.matches() ? matcher.replaceFirst(sibling.getValue()) : owner;
        }
        return new Soname(soname, owner, parts.length < 2 ? "" : parts[1]);
    }

    /** Policy 8.1: a library's package is named after its soname; the table has those that are not. */
    String packageName() {
        boolean hyphen = library.matches(".*\\d") && !version.isEmpty();
        return PACKAGES.getOrDefault(name, library + (hyphen ? "-" : "") + version);
    }

    /**
     * Whether a package may ship the library: it has the name that follows from the soname, with or without the ending of
     * the transition to 64-bit times; that of the library alone, as a vendor's may have; one that begins with the library's
     * letters and has all of its numbers, as libfftw3-double3 and libsnappy1v5 do; or that of the first word of the library,
     * as libabsl20240722 has for libabsl_base.
     */
    boolean mayBeIn(String packageName) {
        String given = TIME64.matcher(packageName).replaceFirst("");
        boolean expected = given.equals(TIME64.matcher(packageName()).replaceFirst(""));
        if (expected || PACKAGES.containsKey(name)) {
            return expected;
        }
        return given.equals(library) || !version.isEmpty() && (begins(given) || hasLettersAndNumbersIn(given));
    }

    /** Whether a package is called after the first word, the version behind it or not. */
    private boolean begins(String packageName) {
        String word = packageName.endsWith(version) ? packageName.substring(0, packageName.length() - version.length()) : packageName;
        return word.matches("lib[a-z+]+") && library.startsWith(word + "-");
    }

    private boolean hasLettersAndNumbersIn(String packageName) {
        String letters = library.replaceFirst("[-.0-9]+$", "");
        if (!packageName.startsWith(letters) || NO_LIBRARY.matcher(packageName).matches()) {
            return false;
        }
        String rest = packageName.substring(letters.length());
        return !rest.matches("[a-z].*")
                && Stream.of((library.substring(letters.length()) + "-" + version).split("-")).filter(number -> !number.isEmpty())
                        .allMatch(number -> rest.matches("(.*[^0-9.])?" + Pattern.quote(number) + "([^0-9.].*)?"));
    }
}
