package io.github.debianatomic.maven.grammar;

import java.util.regex.Pattern;

/** The name of a package, Policy 5.6.1: at least two characters, lower case letters, digits and + - . */
public final class PackageName {

    /** As a regular expression. */
    public static final String GRAMMAR = "[a-z0-9][a-z0-9+.-]+";

    private static final Pattern PATTERN = Pattern.compile(GRAMMAR);

    private PackageName() {}

    /** Whether it can be one. */
    public static boolean isValid(String name) {
        return PATTERN.matcher(name).matches();
    }
}
