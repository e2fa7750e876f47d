package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.grammar.PackageName;
import io.github.debianatomic.maven.grammar.Relation;
import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The control file, Policy 5. */
final class ControlChecks {

    static final List<Check> ALL = List.of(
            Check.error("control-fields", "control is one paragraph with the fields dpkg requires, in their forms", deb -> fields(deb)),
            Check.warning("section-and-priority", "Section and Priority are those of Policy 2.4 and 2.5", deb -> sectionAndPriority(deb)),
            Check.warning("synopsis", "the synopsis is a short phrase without article, full stop or package name", deb -> synopsis(deb)),
            Check.warning("description", "a description says more than its synopsis", deb -> description(deb)),
            Check.error("relations", "fields of relations are lists of packages with versions", deb -> relations(deb)),
            Check.warning("essential-dependency", "packages that are always there are depended on for a version alone", deb -> essential(deb)),
            Check.error("triggers", "triggers has a directive of deb-triggers(5) in each line", deb -> triggers(deb)));

    /** Field to the form it must have, Policy 5.6; all of them are required. */
    private static final Map<String, Pattern> FORMS = forms();

    /** Policy 5.6.8 and dpkg-architecture(1): what Debian builds for, as far as anyone boots it. */
    private static final String ARCHITECTURES = "all|amd64|arm64|armel|armhf|i386|loong64|mips64el|mipsel|ppc64|ppc64el|riscv64|s390x|sparc64"
            + "|alpha|hppa|hurd-i386|hurd-amd64|ia64|m68k|powerpc|sh4|x32";

    /** Policy 2.4, with what the archive has added. */
    private static final Set<String> SECTIONS = Set.of(
            "admin", "cli-mono", "comm", "database", "debug", "devel", "doc", "editors", "education", "electronics", "embedded", "fonts",
            "games", "gnome", "gnu-r", "gnustep", "graphics", "hamradio", "haskell", "httpd", "interpreters", "introspection", "java",
            "javascript", "kde", "kernel", "libdevel", "libs", "lisp", "localization", "mail", "math", "metapackages", "misc", "net", "news",
            "ocaml", "oldlibs", "otherosfs", "perl", "php", "python", "ruby", "rust", "science", "shells", "sound", "tasks", "tex", "text",
            "utils", "vcs", "video", "web", "x11", "xfce", "zope");

    private static final Set<String> PRIORITIES = Set.of("required", "important", "standard", "optional");

    /** Essential: yes in trixie and forky. */
    private static final Set<String> ESSENTIAL = Set.of(
            "base-files", "base-passwd", "bash", "bsdutils", "coreutils", "dash", "debianutils", "diffutils", "dpkg", "findutils", "grep",
            "gzip", "hostname", "init-system-helpers", "libc-bin", "ncurses-base", "ncurses-bin", "perl-base", "sed", "sysvinit-utils",
            "tar", "util-linux");

    private static final List<String> RELATIONS =
            List.of("Pre-Depends", "Depends", "Recommends", "Suggests", "Enhances", "Conflicts", "Breaks", "Replaces", "Provides");

    /** deb-triggers(5). */
    private static final Pattern TRIGGER =
            Pattern.compile("\\s*(#.*|(interest|activate)(-await|-noawait)?\\s+[!-~]+\\s*)?");

    private ControlChecks() {}

    private static Map<String, Pattern> forms() {
        Map<String, Pattern> forms = new LinkedHashMap<>();
        forms.put("Package", Pattern.compile(PackageName.GRAMMAR));
        forms.put("Version", Pattern.compile("(\\d+:)?\\d[A-Za-z0-9.+~]*(-[A-Za-z0-9.+~-]+)?"));
        forms.put("Architecture", Pattern.compile(ARCHITECTURES));
        forms.put("Maintainer", Pattern.compile("[^<>\\n]*[^<>\\s] <[^<>@\\s]+@[^<>@\\s]+>"));
        forms.put("Description", Pattern.compile("(?s).+"));
        return forms;
    }

    private static Stream<Flaw> fields(ReadDeb deb) {
        if (!deb.controlError().isEmpty()) {
            return Stream.of(new Flaw("control", deb.controlError()));
        }
        return FORMS.entrySet().stream().flatMap(form -> {
            String field = form.getKey();
            String value = deb.field(field);
            if (value.isEmpty()) {
                return Stream.of(new Flaw(field, "is missing; add it (Policy 5.3)"));
            }
            return form.getValue().matcher(value).matches()
                    ? Stream.empty()
                    : Stream.of(new Flaw(field, "has the value '" + value + "', which is not of the form that Policy 5.6 gives it"));
        });
    }

    private static Stream<Flaw> sectionAndPriority(ReadDeb deb) {
        String section = deb.field("Section");
        String priority = deb.field("Priority");
        Stream<Flaw> sections = SECTIONS.contains(section.replaceFirst("^(contrib|non-free|non-free-firmware)/", ""))
                ? Stream.empty()
                : Stream.of(new Flaw("Section", "is '" + section + "'; expected one of Policy 2.4, such as admin"));
        return Stream.concat(sections, PRIORITIES.contains(priority)
                ? Stream.empty()
                : Stream.of(new Flaw("Priority", "is '" + priority + "'; expected optional, or one of Policy 2.5")));
    }

    private static Stream<Flaw> synopsis(ReadDeb deb) {
        String synopsis = deb.field("Description").lines().findFirst().orElse("");
        String lower = synopsis.toLowerCase(Locale.ROOT);
        String why = lower.matches("(an?|the) .*")
                ? "begins with an article; leave it out"
                : synopsis.matches(".*[^.]\\.") ? "ends with a full stop; it is a phrase, not a sentence"
                : lower.equals(deb.name()) || lower.startsWith(deb.name() + " ") || lower.startsWith(deb.name() + ":")
                        ? "begins with the package's name, which tools show beside it"
                : synopsis.length() > 80 ? "has " + synopsis.length() + " characters; expected at most 80"
                : "";
        return why.isEmpty() ? Stream.empty() : Stream.of(new Flaw("Description", "synopsis '" + synopsis + "' " + why + " (Policy 3.4.1)"));
    }

    private static Stream<Flaw> description(ReadDeb deb) {
        String value = deb.field("Description");
        return value.isEmpty() || value.lines().skip(1).anyMatch(line -> !line.isBlank() && !line.equals(" ."))
                ? Stream.empty()
                : Stream.of(new Flaw("Description", "ends after the synopsis; say below it what the package does and for whom (Policy 3.4.2)"));
    }

    private static Stream<Flaw> relations(ReadDeb deb) {
        return RELATIONS.stream().filter(deb.fields()::containsKey).flatMap(field -> Relation.split(deb.field(field)).stream()
                .flatMap(text -> {
                    Relation relation = Relation.parse(text);
                    if (relation == null) {
                        return Stream.of(new Flaw(field, "'" + text + "' is no relation; expected package (>= version) (Policy 7.1)"));
                    }
                    return relation.name().equals(deb.name()) && Set.of("Depends", "Pre-Depends").contains(field)
                            ? Stream.of(new Flaw(field, "'" + text + "' is the package itself; delete it"))
                            : Stream.empty();
                }));
    }

    private static Stream<Flaw> essential(ReadDeb deb) {
        return Stream.of("Pre-Depends", "Depends").flatMap(field -> Stream.of(deb.field(field).split(","))
                .map(String::strip)
                .filter(ESSENTIAL::contains)
                .map(name -> new Flaw(field, "'" + name + "' is essential, so it is there; delete it, or add the version it must have (Policy 3.5)")));
    }

    private static Stream<Flaw> triggers(ReadDeb deb) {
        return deb.control("triggers").lines()
                .filter(line -> !TRIGGER.matcher(line).matches())
                .map(line -> new Flaw("triggers", "'" + line + "' is not understood; expected interest-noawait, activate-noawait or one of"
                        + " their kin, and a trigger's name"));
    }
}
