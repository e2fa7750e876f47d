package io.github.debianatomic.maven.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.deb.DebContents;
import io.github.debianatomic.maven.deb.DebReader;
import io.github.debianatomic.maven.deb.Item;
import io.github.debianatomic.maven.deb822.Deb822;
import io.github.debianatomic.maven.deb822.Field;
import io.github.debianatomic.maven.deb822.Paragraph;
import io.github.debianatomic.maven.grammar.Relation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A deb as the checks see it.
 *
 * @param file where it was read
 * @param contents all of it, with the text of what is checked
 * @param paths its entries by the path they are installed at, without the root
 * @param fields of its control file; empty when that is not understood
 * @param controlError why it is not understood, or empty
 */
public record ReadDeb(
        Path file, DebContents contents, SortedMap<String, Item> paths, Map<String, String> fields, String controlError) {

    /** Larger is no configuration that a person wrote. */
    static final int TEXT_LIMIT = 1 << 20;

    /** Enough for the first line of a script and for an ELF header's type. */
    private static final int HEAD = 256;

    private static final Pattern TEXT = Pattern.compile("(\\./)?/?(usr/)?(lib/systemd/system(-preset)?/.*"
            + "|lib/(tmpfiles|sysusers)\\.d/[^/]*|lib/bootc/(kargs\\.d|install)/[^/]*|lib/ostree/prepare-root\\.conf|share/dbus-1/.*|share/polkit-1/actions/[^/]*)");

    /** Copies the maps. */
    public ReadDeb {
        paths = Collections.unmodifiableSortedMap(new TreeMap<>(paths));
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** How much of a file the checks want to see. */
    public static int kept(String name) {
        return TEXT.matcher(name).matches() ? TEXT_LIMIT + 1 : HEAD;
    }

    /**
     * @throws InvalidPackageException when it is not a deb, or a broken one
     * @throws IOException when it is not there or cannot be read
     */
    public static ReadDeb read(Path file) throws IOException {
        return of(file, DebReader.read(file, ReadDeb::kept));
    }

    /**
     * @param file where it stands
     * @param contents what is in it, with what {@link #kept} says of the files
     * @throws InvalidPackageException when that is not a deb
     */
    public static ReadDeb of(Path file, DebContents contents) {
        for (String required : List.of("control.tar", "data.tar")) {
            if (contents.members().stream().noneMatch(member -> member.startsWith(required))) {
                throw new InvalidPackageException(file.toString(), "has no member " + required
                        + ", so it is not a deb; found " + contents.members() + ". deb(5) says debian-binary, control.tar, data.tar");
            }
        }
        if (!contents.control().containsKey("control")) {
            throw new InvalidPackageException(file.toString(), "has no control file in its control member, so it is not a deb");
        }
        SortedMap<String, Item> paths = new TreeMap<>();
        for (Item item : contents.items()) {
            String path = path(item.name());
            if (!path.isEmpty()) {
                paths.put(path, item);
            }
        }
        Map<String, String> fields = new LinkedHashMap<>();
        String error = "";
        try {
            List<Paragraph> paragraphs = Deb822.parse(contents.control().get("control"), "control");
            if (paragraphs.size() != 1) {
                error = "has " + paragraphs.size() + " paragraphs; expected one";
            }
            for (Paragraph paragraph : paragraphs) {
                for (Field field : paragraph.fields()) {
                    fields.putIfAbsent(field.name(), field.value());
                }
            }
        } catch (InvalidPackageException e) {
            error = e.getMessage();
        }
        return new ReadDeb(file, contents, paths, fields, error);
    }

    /** The path an entry is installed at; empty for the root. */
    static String path(String tarName) {
        StringBuilder path = new StringBuilder();
        for (String part : tarName.split("/")) {
            path.append(part.isEmpty() || part.equals(".") ? "" : "/" + part);
        }
        return path.toString();
    }

    /** The package's name, or its file's where that is not known. */
    public String name() {
        return fields.getOrDefault("Package", file.getFileName().toString());
    }

    /** The value of a field, or empty. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** The control file, or empty. */
    String control(String name) {
        return contents.control().getOrDefault(name, "");
    }

    /** The paths of its regular files that match. */
    Stream<String> files(Pattern pattern) {
        return paths.entrySet().stream()
                .filter(entry -> entry.getValue().isFile() && pattern.matcher(entry.getKey()).matches())
                .map(Map.Entry::getKey);
    }

    /** Those of them whose text can be checked; of the others one check says so. */
    Stream<String> texts(Pattern pattern) {
        return files(pattern).filter(path -> !isTooLarge(path));
    }

    /** What is kept of a regular file. */
    byte[] head(String path) {
        Item item = paths.get(path);
        return item == null ? new byte[0] : contents.kept().getOrDefault(item.name(), new byte[0]);
    }

    /** Whether a file is too large for its text to be checked. */
    boolean isTooLarge(String path) {
        return head(path).length > TEXT_LIMIT;
    }

    /** The text of a file that is configuration. */
    String text(String path) {
        return new String(head(path), UTF_8);
    }

    /** Whether Depends or Pre-Depends name one of the packages, as an alternative or alone. */
    boolean dependsOn(Set<String> names) {
        return Stream.of("Depends", "Pre-Depends")
                .flatMap(field -> Relation.names(field(field)).stream())
                .anyMatch(names::contains);
    }

    /** Whether it needs another deb of the build, directly or through those between. */
    boolean needs(ReadDeb other, List<ReadDeb> build) {
        return needs(other, build, new HashSet<>());
    }

    private boolean needs(ReadDeb other, List<ReadDeb> build, Set<String> seen) {
        return seen.add(name())
                && (dependsOn(Set.of(other.name()))
                        || build.stream().anyMatch(between -> dependsOn(Set.of(between.name())) && between.needs(other, build, seen)));
    }
}
