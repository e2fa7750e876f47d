package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.deb.Item;
import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The archive itself, deb(5), and what dpkg-deb(1) and debhelper make of it. */
final class ArchiveChecks {

    /** 1984-01-01, from which on lintian does not call files ancient. */
    private static final long FIRST_SECOND = 441763200;

    private static final Pattern ANY = Pattern.compile(".*");

    static final List<Check> ALL = List.of(
            Check.error("members", "a deb is debian-binary, control.tar and data.tar, in this order", deb -> members(deb)),
            Check.error("entry-names", "names in the data member begin with ./, stay below the root, and come once", deb -> names(deb)),
            Check.error("entry-order", "the root comes first, and each directory before what is in it", deb -> order(deb)),
            Check.error("entry-kinds", "entries are files, directories and symbolic links", deb -> items(
                    deb, item -> item.kind() == Item.Kind.OTHER, item -> "is a hard link, a device or a pipe; make it a file or a symbolic link")),
            Check.error("owners", "everything belongs to root:root", deb -> items(
                    deb, item -> !item.owner().isRoot(), item -> "belongs to " + item.owner()
                            + "; expected root:root, because other numbers mean another account on each machine")),
            Check.error("times", "no file is older than dpkg", deb -> items(
                    deb, item -> item.time() < FIRST_SECOND, item -> "is dated before 1984; set project.build.outputTimestamp")),
            Check.error("control-modes", "maintainer scripts are 0755, other control files 0644, all of them root's", deb -> controlModes(deb)),
            Check.error("md5sums", "md5sums has the digest of every file that is no conffile", deb -> md5sums(deb)),
            Check.warning("text-size", "configuration is small enough to be checked", deb -> deb.files(ANY)
                    .filter(deb::isTooLarge)
                    .map(path -> new Flaw(path, "has more than " + ReadDeb.TEXT_LIMIT + " bytes and is not checked; expected configuration"))),
            Check.warning("installed-size", "Installed-Size is about what dpkg-gencontrol computes", deb -> installedSize(deb)));

    private static final Set<String> SCRIPTS = Set.of("preinst", "postinst", "prerm", "postrm", "config");

    private ArchiveChecks() {}

    private static Stream<Flaw> items(ReadDeb deb, Predicate<Item> wrong, Function<Item, String> message) {
        return deb.contents().items().stream()
                .filter(wrong)
                .map(item -> new Flaw(item.name(), message.apply(item)));
    }

    private static Stream<Flaw> members(ReadDeb deb) {
        List<String> members = deb.contents().members();
        boolean named = members.size() == 3
                && members.get(0).equals("debian-binary")
                && members.get(1).startsWith("control.tar")
                && members.get(2).startsWith("data.tar");
        if (!named) {
            return Stream.of(new Flaw("members", "are " + members + "; expected debian-binary, control.tar and data.tar alone"));
        }
        return deb.contents().format().equals("2.0\n")
                ? Stream.empty()
                : Stream.of(new Flaw("debian-binary", "says '" + deb.contents().format().strip() + "'; expected 2.0 and a line feed"));
    }

    private static Stream<Flaw> names(ReadDeb deb) {
        Set<String> seen = new HashSet<>();
        return deb.contents().items().stream().flatMap(item -> {
            String name = item.name();
            if (List.of(name.split("/")).contains("..")) {
                return Stream.of(new Flaw(name, "could leave the root; write the path it means"));
            }
            if (!name.equals("./") && !name.matches("\\./[^/].*") || name.contains("//")) {
                return Stream.of(new Flaw(name, "does not begin with ./ and go on in normal form, as dpkg-deb writes it"));
            }
            if (!seen.add(ReadDeb.path(name))) {
                return Stream.of(new Flaw(name, "comes twice; dpkg would unpack the one over the other"));
            }
            if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                return Stream.of(new Flaw(name.replaceAll("\\p{Cntrl}", "?"), "has a control character, which dpkg cannot record"));
            }
            return Stream.empty();
        });
    }

    private static Stream<Flaw> order(ReadDeb deb) {
        Set<String> directories = new HashSet<>();
        return deb.contents().items().stream().flatMap(item -> {
            String path = ReadDeb.path(item.name());
            if (item.isDirectory()) {
                directories.add(path);
            }
            String parent = path.isEmpty() ? "" : path.substring(0, path.lastIndexOf('/'));
            return directories.contains(parent)
                    ? Stream.empty()
                    : Stream.of(new Flaw(item.name(), "comes before its directory '." + parent + "/', which dpkg would have to guess"));
        });
    }

    private static Stream<Flaw> controlModes(ReadDeb deb) {
        return deb.contents().controlItems().stream().filter(item -> !item.isDirectory()).flatMap(item -> {
            String name = item.name().replaceFirst("^\\./", "");
            String expected = SCRIPTS.contains(name) ? "0755" : "0644";
            if (!item.isFile()) {
                return Stream.of(new Flaw(name, "is no regular file"));
            }
            return item.mode().toString().equals(expected) && item.owner().isRoot()
                    ? Stream.empty()
                    : Stream.of(new Flaw(name, "is " + item.mode() + " and " + item.owner() + "; expected " + expected + " and root:root"));
        });
    }

    private static Stream<Flaw> md5sums(ReadDeb deb) {
        Map<String, String> listed = new HashMap<>();
        Set<String> conffiles = ConffileChecks.listed(deb);
        for (String line : deb.control("md5sums").lines().toList()) {
            if (!line.matches("[0-9a-f]{32}  [^/].*")) {
                return Stream.of(new Flaw("md5sums", "has the line '" + line + "'; expected 32 hexadecimal digits, two blanks and a path"));
            }
            listed.put("/" + line.substring(34), line.substring(0, 32));
        }
        Map<String, String> flaws = new LinkedHashMap<>();
        deb.paths().forEach((path, item) -> {
            String sum = listed.remove(path);
            if (item.isFile() && conffiles.contains(path)) {
                if (sum != null) {
                    flaws.put(path, "is a conffile and stands in md5sums; an administrator's change is no damage");
                }
            } else if (item.isFile() && sum == null) {
                flaws.put(path, "has no line in md5sums; debsums could not find damage to it");
            } else if (item.isFile() && !sum.equals(item.md5())) {
                flaws.put(path, "has the digest " + item.md5() + ", but md5sums says " + sum);
            } else if (sum != null && !item.isFile()) {
                flaws.put(path, "stands in md5sums and is no regular file");
            }
        });
        listed.keySet().forEach(path -> flaws.put(path, "stands in md5sums and not in the package"));
        return flaws.entrySet().stream().map(flaw -> new Flaw(flaw.getKey(), flaw.getValue()));
    }

    /** dpkg-gencontrol(1): each regular file rounded up to KiB, 1 KiB for every other entry. */
    private static Stream<Flaw> installedSize(ReadDeb deb) {
        String field = deb.field("Installed-Size");
        long size = 1 + deb.paths().values().stream().mapToLong(item -> item.isFile() ? (item.size() + 1023) / 1024 : 1).sum();
        // what debhelper adds or takes away after dpkg-gencontrol ran is not worth a word
        long tolerance = 16 + size / 10;
        return field.matches("\\d{1,15}") && Math.abs(Long.parseLong(field) - size) <= tolerance
                ? Stream.empty()
                : Stream.of(new Flaw("Installed-Size", "is '" + field + "'; expected " + size));
    }
}
