package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import io.github.debianatomic.maven.verify.UnitFile.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** systemd's units: what they start is there, and what starts them is, too. */
final class UnitChecks {

    static final List<Check> ALL = List.of(
            Check.error("unit-syntax", "a unit has nothing that systemd passes over", deb -> syntax(deb)),
            Check.warning("unit-program", "what a unit starts is in the package, in one it depends on, or guarded by ConditionFileIsExecutable=",
                    UnitChecks::programs),
            Check.error("unit-program-mode", "what a unit starts is executable", deb -> programModes(deb)),
            Check.warning("unit-condition", "a unit says when it applies", deb -> conditions(deb)),
            Check.warning("unit-documentation", "a unit says where it is described", deb -> documentation(deb)),
            Check.warning("unit-wanted-by", "units are wanted by targets that are there and fit their kind", UnitChecks::wantedBy),
            Check.warning("unit-reached", "a unit can be enabled, or something starts it", UnitChecks::reached));

    private static final Pattern GENERATOR = Pattern.compile("/usr/lib/systemd/system-generators/.*");

    private static final Pattern WANTS = Pattern.compile("(/usr)?/lib/systemd/system/[^/]+\\.(wants|requires|upholds)/[^/]+");

    private static final Pattern BUS_SERVICE = Pattern.compile("/usr/share/dbus-1/system-services/[^/]+");

    /** systemd.special(7): those that something may ask to be started with. */
    private static final Set<String> TARGETS = Set.of(
            "basic.target", "bluetooth.target", "boot-complete.target", "cryptsetup.target", "cryptsetup-pre.target",
            "ctrl-alt-del.target", "default.target", "emergency.target", "exit.target", "factory-reset.target", "factory-reset-now.target", "final.target",
            "first-boot-complete.target", "getty.target", "getty-pre.target", "graphical.target", "halt.target", "hibernate.target",
            "hybrid-sleep.target", "initrd.target", "initrd-fs.target", "initrd-root-device.target", "initrd-root-fs.target",
            "initrd-switch-root.target", "initrd-usr-fs.target", "integritysetup.target", "integritysetup-pre.target",
            "kbrequest.target", "kexec.target", "local-fs.target", "local-fs-pre.target", "machines.target", "multi-user.target",
            "network.target", "network-online.target", "network-pre.target", "nss-lookup.target", "nss-user-lookup.target",
            "paths.target", "poweroff.target", "printer.target", "reboot.target", "remote-cryptsetup.target", "remote-integritysetup.target", "remote-fs.target",
            "remote-fs-pre.target", "remote-veritysetup.target", "rescue.target", "rpcbind.target", "runlevel2.target", "runlevel3.target", "runlevel4.target", "runlevel5.target", "shutdown.target",
            "sigpwr.target", "sleep.target", "slices.target", "smartcard.target", "sockets.target", "soft-reboot.target",
            "sound.target", "ssh-access.target", "storage-target-mode.target", "suspend.target", "suspend-then-hibernate.target",
            "swap.target", "sysinit.target", "system-update.target", "system-update-pre.target", "time-set.target",
            "time-sync.target", "timers.target", "tpm2.target", "umount.target", "usb-gadget.target", "veritysetup.target",
            "veritysetup-pre.target");

    /** The target that starts all units of a kind. */
    private static final Map<String, String> TARGET_OF_KIND = Map.of("timer", "timers.target", "socket", "sockets.target");

    /** systemd.unit(5). */
    private static final Pattern DOCUMENTATION = Pattern.compile("(https?://|file:/|info:|man:[^\\s()]+\\([0-9a-z]+\\)).*");

    /** The characters before a command, systemd.service(5), and its first word. */
    private static final Pattern COMMAND = Pattern.compile("[-@:+!|]*\\s*(?:\"([^\"]*)\"|'([^']*)'|(\\S+)).*", Pattern.DOTALL);

    private UnitChecks() {}

    private static Stream<Flaw> syntax(ReadDeb deb) {
        return Stream.concat(UnitFile.units(deb).stream(), UnitFile.dropIns(deb).stream()).flatMap(unit -> {
            Stream<Flaw> missing = Stream.empty();
            if (unit.kind().equals("service")) {
                boolean starts = unit.settings().stream().anyMatch(setting ->
                        setting.section().equals("Service") && Set.of("ExecStart", "ExecStop").contains(setting.key())
                                || setting.section().equals("Unit") && setting.key().equals("SuccessAction"));
                missing = starts
                        ? Stream.empty()
                        : Stream.of(new Flaw(unit.path(), "has no ExecStart= in a section [Service], so that systemd refuses to load it"));
            }
            return Stream.concat(unit.flaws().stream(), missing);
        });
    }

    // ---- what a unit starts

    /** A program as a unit names it. */
    private record Command(UnitFile unit, String key, List<String> candidates) {}

    private static List<Command> commands(ReadDeb deb) {
        List<Command> commands = new ArrayList<>();
        for (UnitFile unit : Stream.concat(UnitFile.units(deb).stream(), UnitFile.dropIns(deb).stream()).toList()) {
            for (Setting setting : unit.settings()) {
                Matcher matcher = COMMAND.matcher(setting.value());
                if (Set.of("Service", "Socket").contains(setting.section()) && setting.key().startsWith("Exec") && matcher.matches()
                        && !setting.key().equals("ExecPaths") && !setting.key().equals("ExecSearchPath")) {
                    String program = Stream.of(1, 2, 3).map(matcher::group).filter(group -> group != null).findFirst().orElseThrow();
                    if (program.startsWith("/") && !program.contains("%") && !program.contains("$")) {
                        commands.add(new Command(unit, setting.key(), List.of(merged(program))));
                    } else if (program.matches("[^/%$]+")) {
                        commands.add(new Command(unit, setting.key(), List.of("/usr/sbin/" + program, "/usr/bin/" + program)));
                    }
                }
            }
        }
        return commands;
    }

    /** The path on a merged /usr. */
    private static String merged(String path) {
        return path.replaceFirst("^/(s?bin|lib)/", "/usr/$1/");
    }

    private static Stream<Flaw> programs(ReadDeb deb, List<ReadDeb> others) {
        return commands(deb).stream()
                .filter(command -> !isGuarded(deb, command))
                .flatMap(command -> {
                    String why = null;
                    for (String candidate : command.candidates()) {
                        String missing = missing(deb, others, candidate);
                        if (missing.isEmpty()) {
                            return Stream.empty();
                        }
                        why = why == null || !missing.startsWith("is nowhere") ? candidate + " " + missing : why;
                    }
                    return Stream.of(new Flaw(command.unit().path(), command.key() + "= starts what may not be there: " + why
                            + ", or add ConditionFileIsExecutable=" + command.candidates().get(command.candidates().size() - 1)));
                });
    }

    /** What is wrong with relying on a program, or empty. */
    private static String missing(ReadDeb deb, List<ReadDeb> others, String program) {
        if (deb.paths().containsKey(program)) {
            return "";
        }
        Optional<ReadDeb> owner = others.stream().filter(other -> other.paths().containsKey(program)).findFirst();
        if (owner.isPresent()) {
            return deb.needs(owner.get(), others) ? "" : "is in package " + owner.get().name() + ", which is not in Depends; add it";
        }
        String packages = DebianPrograms.packagesOf(program);
        if (packages == null) {
            return "is nowhere in this build, nor one of Debian's programs this plugin knows; correct the path";
        }
        return packages.isEmpty() || deb.dependsOn(Set.of(packages.split("\\|")))
                ? ""
                : "is in Debian's package " + packages + ", which is not in Depends; add it";
    }

    /** By the unit itself, or by a drop-in's unit when that is of the same package. */
    private static boolean isGuarded(ReadDeb deb, Command command) {
        String path = command.unit().path();
        int dropIn = path.lastIndexOf(".d/");
        Stream<UnitFile> unit = dropIn < 0 || !deb.paths().containsKey(path.substring(0, dropIn))
                ? Stream.empty()
                : Stream.of(UnitFile.parse(path.substring(0, dropIn), deb.text(path.substring(0, dropIn))));
        return Stream.concat(Stream.of(command.unit()), unit).flatMap(file -> file.words("Unit", "ConditionFileIsExecutable"))
                .map(UnitChecks::merged)
                .anyMatch(command.candidates()::contains);
    }

    private static Stream<Flaw> programModes(ReadDeb deb) {
        return commands(deb).stream().flatMap(command -> command.candidates().stream()
                .filter(program -> deb.paths().containsKey(program) && deb.paths().get(program).isFile())
                .filter(program -> !deb.paths().get(program).mode().isExecutable())
                .map(program -> new Flaw(program, "has mode " + deb.paths().get(program).mode() + ", but " + command.unit().name()
                        + " starts it by " + command.key() + "=; give it Mode: 0755")));
    }

    // ---- what a unit says of itself

    private static Stream<Flaw> conditions(ReadDeb deb) {
        return UnitFile.units(deb).stream()
                .filter(unit -> unit.settings().stream().noneMatch(setting ->
                        setting.section().equals("Unit") && setting.key().matches("(Condition|Assert).+") && !setting.value().isEmpty()))
                .map(unit -> new Flaw(unit.path(), "has no Condition...=; write when it applies, such as ConditionPathExists=/run/ostree-booted,"
                        + " so that it stays quiet elsewhere"));
    }

    private static Stream<Flaw> documentation(ReadDeb deb) {
        return UnitFile.units(deb).stream().flatMap(unit -> {
            List<String> uris = unit.words("Unit", "Documentation").toList();
            if (uris.isEmpty()) {
                return Stream.of(new Flaw(unit.path(), "has no Documentation=; name its manual page, man:NAME(8), or a web page"));
            }
            return uris.stream().filter(uri -> !DOCUMENTATION.matcher(uri).matches()).map(uri ->
                    new Flaw(unit.path(), "Documentation= has '" + uri + "'; expected man:NAME(8), https://..., file:/... or info:..."));
        });
    }

    // ---- what starts a unit

    private static Stream<Flaw> wantedBy(ReadDeb deb, List<ReadDeb> others) {
        Set<String> own = Stream.concat(Stream.of(deb), others.stream())
                .flatMap(other -> UnitFile.units(other).stream())
                .map(UnitFile::name)
                .collect(Collectors.toSet());
        return UnitFile.units(deb).stream().flatMap(unit -> Stream.of("WantedBy", "RequiredBy", "UpheldBy")
                .flatMap(key -> unit.words("Install", key).flatMap(target -> {
                    String expected = TARGET_OF_KIND.get(unit.kind());
                    if (target.endsWith(".target") && !TARGETS.contains(target) && !own.contains(target)) {
                        return Stream.of(new Flaw(unit.path(), key + "=" + target + " is a target neither of systemd's nor of this build; expected "
                                + (expected == null ? "multi-user.target or another of systemd.special(7)" : expected)));
                    }
                    return expected != null && TARGETS.contains(target) && !target.equals(expected)
                            ? Stream.of(new Flaw(unit.path(), key + "=" + target + " does not fit a " + unit.kind() + "; expected " + expected))
                            : Stream.empty();
                })));
    }

    private static Stream<Flaw> reached(ReadDeb deb, List<ReadDeb> others) {
        if (deb.files(GENERATOR).findAny().isPresent()) {
            return Stream.empty(); // what a generator pulls in is its own decision
        }
        Set<String> started = Stream.concat(Stream.of(deb), others.stream()).flatMap(UnitChecks::started).collect(Collectors.toSet());
        return UnitFile.units(deb).stream()
                .filter(unit -> Set.of("service", "timer", "path", "socket", "target").contains(unit.kind()))
                .filter(unit -> !unit.isTemplate() && !unit.isInstallable() && !started.contains(unit.name()))
                // the bus may start it through a program of its own, which no file tells apart
                .filter(unit -> unit.words("Service", "BusName").noneMatch(name ->
                        deb.paths().containsKey("/usr/share/dbus-1/system-services/" + name + ".service")))
                .map(unit -> new Flaw(unit.path(), "has no [Install] section, and no unit, link or bus service of this build starts it;"
                        + " add WantedBy=, or waive this and say what starts it"));
    }

    /** The units that something in a package starts. */
    private static Stream<String> started(ReadDeb deb) {
        Stream<String> byUnits = UnitFile.units(deb).stream().flatMap(unit -> Stream.concat(
                Set.of("timer", "path", "socket").contains(unit.kind()) ? Stream.of(unit.stem() + ".service") : Stream.empty(),
                unit.settings().stream()
                        .filter(setting -> Set.of("Wants", "Requires", "BindsTo", "Upholds", "OnFailure", "OnSuccess", "Unit", "Also", "Service")
                                .contains(setting.key()))
                        .flatMap(setting -> Stream.of(setting.value().split("\\s+")))));
        Stream<String> byLinks = deb.paths().keySet().stream()
                .filter(path -> WANTS.matcher(path).matches())
                .map(path -> path.substring(path.lastIndexOf('/') + 1));
        Stream<String> byBus = deb.texts(BUS_SERVICE)
                .flatMap(path -> deb.text(path).lines())
                .filter(line -> line.startsWith("SystemdService="))
                .map(line -> line.substring(line.indexOf('=') + 1).strip());
        return Stream.of(byUnits, byLinks, byBus).flatMap(stream -> stream);
    }
}
