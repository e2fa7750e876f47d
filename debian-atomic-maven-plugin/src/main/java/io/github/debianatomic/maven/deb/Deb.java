package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.deb822.Deb822;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.FileTree;
import io.github.debianatomic.maven.tree.InstallPath;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A package as it will be written: everything decided, nothing of the build machine in it.
 *
 * @param control the fields of deb-control(5) in dpkg's order, Installed-Size included
 * @param version the value of the field Version
 * @param tree the installed files
 * @param scripts maintainer scripts by name
 * @param triggers lines of deb-triggers(5)
 * @param time the time of every entry
 */
public record Deb(
        Map<String, String> control,
        DebianVersion version,
        FileTree tree,
        Map<String, String> scripts,
        List<String> triggers,
        BuildTime time) {

    /** More bytes than that are not held in memory. */
    public static final long LARGE = 32 << 20;

    /** Copies the collections, in their order. */
    public Deb {
        control = Collections.unmodifiableMap(new LinkedHashMap<>(control));
        scripts = Collections.unmodifiableMap(new LinkedHashMap<>(scripts));
        triggers = List.copyOf(triggers);
    }

    /** The package's name. */
    public String name() {
        return control.get("Package");
    }

    /** The architecture, such as {@code all} or {@code amd64}. */
    public String architecture() {
        return control.get("Architecture");
    }

    /** The file's name as dpkg-deb(1) forms it: an epoch is never part of it. */
    public String fileName() {
        return name() + "_" + version.withoutEpoch() + "_" + architecture() + ".deb";
    }

    /**
     * Whether its files are too many to be held in memory, to be copied for looking at, or to be read a second time: then
     * it is streamed, without a staging tree, and checked as it was described instead of as it was read back.
     */
    public boolean isLarge() {
        return tree.size() > LARGE;
    }

    /** The conffiles, Policy 10.7: every file below {@code /etc}, as debhelper has it. */
    public List<InstallPath> conffiles() {
        InstallPath etc = new InstallPath("/etc");
        return tree.files().stream().map(Entry.File::path).filter(path -> path.isBelow(etc)).toList();
    }

    /**
     * The files of the control member by name, deb(5); none that would be empty.
     *
     * @param md5sums the digest of each file, in hexadecimal
     * @return name to text, sorted; md5sums lists no conffile, as debhelper has it
     */
    Map<String, String> controlFiles(Map<InstallPath, String> md5sums) {
        Map<String, String> files = new TreeMap<>(scripts);
        Set<InstallPath> conffiles = new LinkedHashSet<>(conffiles());
        StringBuilder sums = new StringBuilder();
        new TreeMap<>(md5sums).forEach((path, sum) -> {
            if (!conffiles.contains(path)) {
                sums.append(sum).append("  ").append(path.value().substring(1)).append('\n');
            }
        });
        files.put("control", Deb822.format(control));
        files.put("md5sums", sums.toString());
        files.put("conffiles", lines(conffiles));
        files.put("triggers", lines(triggers));
        files.values().removeIf(String::isEmpty);
        return files;
    }

    private static String lines(Collection<?> values) {
        return values.stream().map(value -> value + "\n").collect(Collectors.joining());
    }
}
