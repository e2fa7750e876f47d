package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.grammar.MaintainerScript;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a package's scripts do because of what it ships, with the semantics of dh_installsystemd(1),
 * dh_installsysusers(1) and dh_installtmpfiles(1) under {@code --no-start}. An administrator's choice survives upgrades.
 *
 * @param enabled units enabled on a first installation
 * @param disabled units with an [Install] section that are not
 * @param stoppable units that may run and are stopped on removal
 * @param sysusers names of files in sysusers.d
 * @param tmpfiles names of files in tmpfiles.d
 */
public record MaintainerScripts(
        List<String> enabled, List<String> disabled, List<String> stoppable, List<String> sysusers, List<String> tmpfiles) {

    private static final String RELOAD =
            """
            if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
                systemctl --system daemon-reload >/dev/null || true
            fi
            """;

    /** Copies the lists. */
    public MaintainerScripts {
        enabled = List.copyOf(enabled);
        disabled = List.copyOf(disabled);
        stoppable = List.copyOf(stoppable);
        sysusers = List.copyOf(sysusers);
        tmpfiles = List.copyOf(tmpfiles);
    }

    /**
     * @param written hand-written scripts by name, each with the {@link MaintainerScript#TOKEN} line when something is derived for it
     * @param folder the folder they come from, for messages
     * @return the scripts of the package by name; none that would do nothing
     * @throws InvalidPackageException when a hand-written script leaves no place for what is derived
     */
    public Map<String, String> merge(Map<String, String> written, String folder) {
        Map<String, String> scripts = new LinkedHashMap<>();
        for (String name : MaintainerScript.NAMES) {
            String derived = derived(name);
            String script = written.get(name);
            if (script == null) {
                if (!derived.isEmpty()) {
                    scripts.put(name, "#!/bin/sh\nset -e\n\n" + derived);
                }
            } else if (script.lines().filter(MaintainerScript.TOKEN::equals).count() == 1) {
                scripts.put(name, script.lines().map(line -> line.equals(MaintainerScript.TOKEN) ? derived : line + "\n").collect(Collectors.joining()));
            } else {
                throw new InvalidPackageException(folder + "/" + name,
                        "has no line that is " + MaintainerScript.TOKEN + " alone, or several; write one where the part derived from units,"
                                + " sysusers.d and tmpfiles.d belongs");
            }
        }
        return scripts;
    }

    /**
     * What the derived parts do, and because of what.
     *
     * @return script name to sentences
     */
    public Map<String, List<String>> reasons() {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        List<String> postinst = new ArrayList<>();
        sysusers.forEach(file -> postinst.add("creates the accounts of /usr/lib/sysusers.d/" + file));
        tmpfiles.forEach(file -> postinst.add("creates what /usr/lib/tmpfiles.d/" + file + " describes, but for its lines for boot alone"));
        enabled.forEach(unit -> postinst.add("enables " + unit + " on a first installation, afterwards as the administrator chose"));
        disabled.forEach(unit -> postinst.add("leaves " + unit + " disabled unless the administrator enabled it"));
        reasons.put("postinst", postinst);
        reasons.put("prerm", stoppable.stream().map(unit -> "stops " + unit + " on removal").toList());
        reasons.put("postrm", Stream.concat(enabled.stream(), disabled.stream())
                .sorted()
                .map(unit -> "forgets on purge how " + unit + " was enabled")
                .toList());
        reasons.values().removeIf(List::isEmpty);
        return reasons;
    }

    private String derived(String name) {
        return switch (name) {
            case "postinst" -> postinst();
            case "prerm" -> prerm();
            case "postrm" -> postrm();
            default -> "";
        };
    }

    private String postinst() {
        StringBuilder body = new StringBuilder();
        if (!sysusers.isEmpty()) {
            body.append("systemd-sysusers ${DPKG_ROOT:+--root=\"$DPKG_ROOT\"} ").append(String.join(" ", sysusers)).append('\n');
        }
        if (!tmpfiles.isEmpty()) {
            body.append("# what is there already, with another type, is left alone and makes it fail\n");
            body.append("systemd-tmpfiles ${DPKG_ROOT:+--root=\"$DPKG_ROOT\"} --create ").append(String.join(" ", tmpfiles))
                    .append(" || true\n");
        }
        if (!enabled.isEmpty()) {
            body.append(
                    """
                    enable_unit() {
                        # only masks that deb-systemd-helper itself made
                        deb-systemd-helper unmask "$1" >/dev/null || true
                        # true on a first installation, afterwards what the administrator chose
                        if deb-systemd-helper --quiet was-enabled "$1"; then
                            deb-systemd-helper enable "$1" >/dev/null || true
                        else
                            deb-systemd-helper update-state "$1" >/dev/null || true
                        fi
                    }
                    """);
            enabled.forEach(unit -> body.append("enable_unit ").append(word(unit)).append('\n'));
        }
        if (!disabled.isEmpty()) {
            body.append(
                    """
                    keep_unit() {
                        # enabled only where an administrator enabled it before
                        if deb-systemd-helper debian-installed "$1"; then
                            deb-systemd-helper unmask "$1" >/dev/null || true
                            if deb-systemd-helper --quiet was-enabled "$1"; then
                                deb-systemd-helper enable "$1" >/dev/null || true
                            fi
                        fi
                        deb-systemd-helper update-state "$1" >/dev/null || true
                    }
                    """);
            disabled.forEach(unit -> body.append("keep_unit ").append(word(unit)).append('\n'));
        }
        if (!stoppable.isEmpty()) {
            body.append(RELOAD);
        }
        return body.isEmpty()
                ? ""
                : "case \"$1\" in\nconfigure | abort-upgrade | abort-deconfigure | abort-remove)\n" + indent(body) + "    ;;\nesac\n";
    }

    private String prerm() {
        return stoppable.isEmpty()
                ? ""
                : """
                if [ -z "${DPKG_ROOT:-}" ] && [ "$1" = remove ] && [ -d /run/systemd/system ]; then
                    deb-systemd-invoke stop %s >/dev/null || true
                fi
                """
                        .formatted(words(stoppable));
    }

    private String postrm() {
        StringBuilder body = new StringBuilder();
        if (!stoppable.isEmpty()) {
            body.append("if [ \"$1\" = remove ]; then\n").append(indent(new StringBuilder(RELOAD))).append("fi\n");
        }
        String installable = words(concat(enabled, disabled));
        if (!installable.isEmpty()) {
            body.append(
                    """
                    if [ "$1" = purge ]; then
                        deb-systemd-helper purge %s >/dev/null || true
                    fi
                    """
                            .formatted(installable));
        }
        return body.toString();
    }

    private static List<String> concat(List<String> a, List<String> b) {
        return Stream.concat(a.stream(), b.stream()).sorted().toList();
    }

    private static String words(List<String> units) {
        return units.stream().map(MaintainerScripts::word).collect(Collectors.joining(" "));
    }

    /** systemd.unit(5) allows a backslash in names, and no quote. */
    private static String word(String unit) {
        return unit.contains("\\") ? "'" + unit + "'" : unit;
    }

    private static String indent(StringBuilder body) {
        return body.toString().lines().map(line -> "    " + line + "\n").collect(Collectors.joining());
    }
}
