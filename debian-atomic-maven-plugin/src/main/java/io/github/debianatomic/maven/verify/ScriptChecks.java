package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.grammar.MaintainerScript;
import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Maintainer scripts, Policy 6 and 10.4. */
final class ScriptChecks {

    static final List<Check> ALL = List.of(
            Check.error("script-form", "a maintainer script names its interpreter, stops at errors and is whole", deb -> form(deb)),
            Check.error("script-systemctl", "maintainer scripts leave enabling and starting to deb-systemd-helper and deb-systemd-invoke",
                    deb -> systemctl(deb)),
            Check.warning("sysusers-run", "the postinst makes the accounts of sysusers.d, before the files of tmpfiles.d", deb -> sysusers(deb)),
            Check.warning("tmpfiles-run", "the postinst makes the files of tmpfiles.d", deb -> run(deb, "tmpfiles")),
            Check.warning("script-depends", "what maintainer scripts call is depended on", deb -> depends(deb)));

    /** The verbs of systemctl(1) that decide for the administrator. */
    private static final Set<String> DECISIONS = Set.of(
            "enable", "disable", "preset", "preset-all", "mask", "unmask", "start", "stop", "restart", "reload-or-restart", "try-restart");

    private ScriptChecks() {}

    private static Stream<String> names(ReadDeb deb) {
        return MaintainerScript.NAMES.stream().filter(deb.contents().control()::containsKey);
    }

    private static Stream<Flaw> form(ReadDeb deb) {
        return names(deb).flatMap(name -> {
            String script = deb.control(name);
            String first = script.lines().findFirst().orElse("");
            String why = script.startsWith("\u007fELF") ? ""
                    : script.contains("\r\n") ? "has lines that end in CR LF; expected LF alone"
                    : !first.matches("#!\\s*/.+") ? "does not begin with #! and an interpreter, so that dpkg cannot run it"
                    : first.matches(".*/(ba|da)?sh(\\s.*)?") && !first.matches(".*\\s-\\S*e.*")
                                    && script.lines().noneMatch(line -> line.strip().matches("set\\s+(-[A-Za-z]*e|-o\\s+errexit\\b).*"))
                            ? "has no 'set -e', so that dpkg takes what failed for done (Policy 10.4)"
                    : script.contains(MaintainerScript.TOKEN) ? "still has the line " + MaintainerScript.TOKEN + ", in whose place a derived part belongs"
                    : "";
            return why.isEmpty() ? Stream.empty() : Stream.of(new Flaw(name, why));
        });
    }

    private static Stream<Flaw> systemctl(ReadDeb deb) {
        return names(deb).flatMap(name -> deb.control(name).lines()
                .filter(line -> !line.strip().startsWith("#"))
                .flatMap(ScriptChecks::decisions)
                .map(verb -> new Flaw(name, "calls systemctl " + verb
                        + ", which passes over what the administrator or the policy of the system chose; leave it to deb-systemd-helper")));
    }

    /** What a line's calls of systemctl do. */
    private static Stream<String> decisions(String line) {
        List<String> verbs = new ArrayList<>();
        for (String command : line.split("[;&|()`]+")) {
            List<String> words = List.of(command.strip().split("\\s+"));
            for (int i = 0; i < words.size() && !Set.of("echo", "printf").contains(words.get(0)); i++) {
                if (words.get(i).matches("((/usr)?/bin/)?systemctl")) {
                    words.stream().skip(i + 1L).filter(word -> !word.startsWith("-")).findFirst().filter(DECISIONS::contains).ifPresent(verbs::add);
                }
            }
        }
        return verbs.stream();
    }

    private static Stream<String> confFiles(ReadDeb deb, String kind) {
        return deb.files(Pattern.compile("/usr/lib/" + kind + "\\.d/[^/]+\\.conf"));
    }

    /** The files of a kind that no line of the postinst which calls the kind's program names; a call without files is for all. */
    private static Stream<Flaw> run(ReadDeb deb, String kind) {
        List<List<String>> calls = deb.control("postinst").lines()
                .filter(line -> line.contains("systemd-" + kind))
                .map(line -> List.of(line.split("[\\s\"']+")))
                .toList();
        return confFiles(deb, kind)
                .filter(path -> calls.stream().noneMatch(words -> words.contains(path) || words.contains(path.substring(path.lastIndexOf('/') + 1))
                        || words.stream().noneMatch(word -> word.endsWith(".conf"))))
                .map(path -> new Flaw(path, "is not named in a call of systemd-" + kind + " in the postinst, so that it has no effect before the next boot"));
    }

    private static Stream<Flaw> sysusers(ReadDeb deb) {
        String postinst = deb.control("postinst");
        int users = call(postinst, "systemd-sysusers");
        int files = call(postinst, "systemd-tmpfiles");
        return Stream.concat(run(deb, "sysusers"), files >= 0 && users > files
                ? Stream.of(new Flaw("postinst", "calls systemd-tmpfiles before systemd-sysusers, so that the accounts it needs are not there; change the order"))
                : Stream.empty());
    }

    /** The number of the first line that calls a program, or -1. */
    private static int call(String script, String program) {
        List<String> lines = script.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.startsWith("#") && List.of(line.split("[\\s;&|()]+")).contains(program)) {
                return i;
            }
        }
        return -1;
    }

    private static Stream<Flaw> depends(ReadDeb deb) {
        return Stream.of("sysusers", "tmpfiles")
                .filter(kind -> call(deb.control("postinst"), "systemd-" + kind) >= 0)
                .filter(kind -> !deb.dependsOn(Set.of("systemd", "systemd-standalone-" + kind, "systemd-" + kind)))
                .map(kind -> new Flaw("Depends", "lacks what has systemd-" + kind + ", which the postinst calls; add systemd | systemd-standalone-"
                        + kind + " | systemd-" + kind));
    }
}
