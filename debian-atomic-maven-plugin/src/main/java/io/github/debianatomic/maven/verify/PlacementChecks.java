package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.deb.Item;
import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where files stand, and with which modes: Policy 9.1 and 10, and what an image keeps. */
final class PlacementChecks {

    static final List<Check> ALL = List.of(
            Check.error("aliased-paths", "nothing stands below the links of a merged /usr", deb -> below(
                    deb, "/(bin|sbin|lib|lib32|lib64|libx32)", "is a place that is a link into /usr; put it below /usr")),
            Check.error("local-paths", "nothing stands below /usr/local", deb -> below(
                    deb, "/usr/local", "belongs to the administrator; put it below /usr (Policy 9.1.2)")),
            Check.error("volatile-paths", "nothing stands where a boot or a user empties", deb -> below(
                    deb, "/(run|tmp|proc|sys|dev|home|root|mnt|media|srv|var/run|var/lock|var/tmp)",
                    "is there only until the next boot, or is not the package's; make it with a line of tmpfiles.d")),
            Check.error("var-paths", "nothing stands below /var", deb -> below(
                    deb, "/var(?!/(run|lock|tmp)(/|$))",
                    "is not updated with an image; put the file below /usr, and make directories with a line of tmpfiles.d")),
            Check.error("top-level", "the top level is the one of the Filesystem Hierarchy Standard", deb -> topLevel(deb)),
            Check.warning("opt", "nothing stands below /opt", deb -> below(
                    deb, "/opt", "is the machine's in images with optUsrlocal=var; put it below /usr/lib/" + deb.name())),
            Check.error("unread-paths", "files stand where Debian's programs look for them", deb -> unread(deb)),
            Check.error("world-writable", "nobody but root may write", (deb, others) -> modes(
                    deb, item -> !item.isLink() && (item.mode().bits() & 022) != 0 && (item.mode().bits() & 01000) == 0,
                    "lets others than root write; expected 0644 or 0755")),
            Check.warning("set-id", "no program runs with another's rights", deb -> modes(
                    deb, item -> item.isFile() && (item.mode().bits() & 06000) != 0,
                    "runs with its owner's or group's rights; waive this if it must (Policy 10.9)")),
            Check.warning("modes", "files are 0644 or 0755, directories 0755", deb -> modes(
                    deb, item -> !List.of("0644", "0755").contains(item.mode().toString()) && item.isFile() && (item.mode().bits() & 06022) == 0
                            || item.isDirectory() && item.mode().bits() != 0755 && (item.mode().bits() & 022) == 0,
                    "is neither 0644 nor 0755; give it a Mode, or waive this (Policy 10.9)")),
            Check.error("links", "symbolic links stay below the root and have plain targets", deb -> links(deb)),
            Check.error("shared-paths", "no two packages of a build own one path", PlacementChecks::shared));

    private static final Pattern TOP_LEVEL = Pattern.compile(
            "/(usr|etc|var|opt|boot|bin|sbin|lib|lib32|lib64|libx32|run|tmp|proc|sys|dev|home|root|mnt|media|srv)(/.*)?");

    /** Places that look right, and who reads instead what they were meant for; tried on trixie and forky. */
    private static final Map<Pattern, String> UNREAD = unreadPaths();

    private PlacementChecks() {}

    private static Map<Pattern, String> unreadPaths() {
        Map<Pattern, String> places = new LinkedHashMap<>();
        places.put(Pattern.compile("/usr/lib/dracut\\.conf\\.d/.*"), "is read by nothing on Debian; put it in /usr/lib/dracut/dracut.conf.d");
        places.put(Pattern.compile("/usr/lib/kernel/install\\.conf"),
                "belongs to Debian's systemd, and dpkg refuses to overwrite it; put a drop-in in /usr/lib/kernel/install.conf.d");
        places.put(Pattern.compile("/usr/etc(/.*)?"), "is OSTree's own name for /etc; put it in /etc");
        places.put(Pattern.compile("/etc/systemd/system/.*"), "is the administrator's; put units in /usr/lib/systemd/system");
        places.put(Pattern.compile("/etc/(tmpfiles|sysusers)\\.d/.*"), "is the administrator's; put it in the directory of this name below /usr/lib");
        places.put(Pattern.compile("/etc/dbus-1/system\\.d/.*"), "is the administrator's; put it in /usr/share/dbus-1/system.d");
        places.put(Pattern.compile("/usr/share/(systemd|tmpfiles\\.d|sysusers\\.d)/.*\\.(service|timer|socket|conf)"),
                "is not where systemd looks; put it below /usr/lib");
        places.put(Pattern.compile("/usr/lib/(tmpfiles|sysusers)\\.d/.*(?<!\\.conf)"), "does not end in .conf, so systemd passes over it");
        places.put(Pattern.compile("/usr/lib/bootc/kargs\\.d/.*(?<!\\.toml)"), "does not end in .toml, so bootc passes over it");
        places.put(Pattern.compile("/usr/lib/systemd/system-preset/.*(?<!\\.preset)"), "does not end in .preset, so systemd passes over it");
        return places;
    }

    private static Stream<Flaw> below(ReadDeb deb, String places, String message) {
        Pattern pattern = Pattern.compile(places + "(/.*)?");
        return deb.paths().entrySet().stream()
                .filter(entry -> pattern.matcher(entry.getKey()).matches())
                // a directory is named only when it is all there is
                .filter(entry -> !entry.getValue().isDirectory() || deb.paths().tailMap(entry.getKey() + "/").isEmpty()
                        || !deb.paths().tailMap(entry.getKey() + "/").firstKey().startsWith(entry.getKey() + "/"))
                .map(entry -> new Flaw(entry.getKey(), message));
    }

    private static Stream<Flaw> topLevel(ReadDeb deb) {
        return deb.paths().keySet().stream()
                .filter(path -> !TOP_LEVEL.matcher(path).matches())
                .map(path -> new Flaw(path, "stands in a directory that the standard does not have; put it below /usr or /etc"));
    }

    private static Stream<Flaw> unread(ReadDeb deb) {
        return deb.paths().entrySet().stream()
                .filter(entry -> !entry.getValue().isDirectory())
                .flatMap(entry -> UNREAD.entrySet().stream()
                        .filter(place -> place.getKey().matcher(entry.getKey()).matches())
                        .map(place -> new Flaw(entry.getKey(), place.getValue())));
    }

    private static Stream<Flaw> modes(ReadDeb deb, Predicate<Item> wrong, String message) {
        return deb.paths().entrySet().stream()
                .filter(entry -> wrong.test(entry.getValue()))
                .map(entry -> new Flaw(entry.getKey(), "has mode " + entry.getValue().mode() + " and " + message));
    }

    private static Stream<Flaw> links(ReadDeb deb) {
        return deb.paths().entrySet().stream().filter(entry -> entry.getValue().isLink()).flatMap(entry -> {
            String path = entry.getKey();
            String target = entry.getValue().target();
            long depth = target.startsWith("/") ? 0 : path.chars().filter(c -> c == '/').count() - 1;
            for (String part : target.split("/")) {
                depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
                if (depth < 0) {
                    return Stream.of(new Flaw(path, "leads out of the root by its target " + target + "; write fewer '..'"));
                }
            }
            if (target.contains("//") || target.length() > 1 && target.endsWith("/")) {
                return Stream.of(new Flaw(path, "has the target " + target + "; write it without // and without a / at its end (Policy 10.5)"));
            }
            String top = path.substring(0, path.indexOf('/', 1) + 1);
            return !top.isEmpty() && target.startsWith(top)
                    ? Stream.of(new Flaw(path, "has the absolute target " + target + " in its own top-level directory; make it relative (Policy 10.5)"))
                    : Stream.empty();
        });
    }

    private static Stream<Flaw> shared(ReadDeb deb, List<ReadDeb> others) {
        return others.stream()
                .filter(other -> !other.name().equals(deb.name()) && !replaces(deb, other) && !replaces(other, deb))
                .flatMap(other -> deb.paths().entrySet().stream()
                        .filter(entry -> other.paths().containsKey(entry.getKey()))
                        .filter(entry -> !entry.getValue().isDirectory() || !other.paths().get(entry.getKey()).isDirectory())
                        .map(entry -> new Flaw(entry.getKey(), "is in package " + other.name()
                                + " too, and dpkg refuses to overwrite it; keep it in one, or declare Replaces or Conflicts (Policy 7.6)")));
    }

    private static boolean replaces(ReadDeb deb, ReadDeb other) {
        return Stream.of("Replaces", "Conflicts")
                .flatMap(field -> Stream.of(deb.field(field).split(",")))
                .anyMatch(relation -> relation.strip().replaceFirst("[\\s:(].*$", "").equals(other.name()));
    }
}
