package io.github.debianatomic.maven.grammar;

import java.util.List;

/** Maintainer scripts, Policy 6.1 and debhelper(7). */
public final class MaintainerScript {

    /** Their names, in the order in which dpkg runs them. */
    public static final List<String> NAMES = List.of("preinst", "postinst", "prerm", "postrm");

    /** The line that the derived part replaces. */
    public static final String TOKEN = "#DEBHELPER#";

    private MaintainerScript() {}
}
