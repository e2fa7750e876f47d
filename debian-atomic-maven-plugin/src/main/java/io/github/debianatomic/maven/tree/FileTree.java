package io.github.debianatomic.maven.tree;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The installed files of a package: sorted by path, each path once, every parent directory present, the root first.
 * Immutable.
 */
public final class FileTree {

    private final SortedMap<InstallPath, Entry> entries;

    private FileTree(SortedMap<InstallPath, Entry> entries) {
        this.entries = Collections.unmodifiableSortedMap(entries);
    }

    /**
     * @param given the entries in any order; parents that are missing become directories of mode 0755
     * @throws InvalidPackageException when a path comes twice, or an entry stands below a file or a link
     */
    public static FileTree of(Collection<? extends Entry> given) {
        SortedMap<InstallPath, Entry> entries = new TreeMap<>();
        for (Entry entry : given) {
            Entry other = entries.put(entry.path(), entry);
            if (other != null) {
                throw new InvalidPackageException("path " + entry.path() + " comes twice, as " + Entry.kind(other) + " and as "
                        + Entry.kind(entry) + "; keep one of them");
            }
        }
        for (Entry entry : given) {
            InstallPath path = entry.path();
            while (!path.equals(InstallPath.ROOT)) {
                path = path.parent();
                Entry parent = entries.computeIfAbsent(path, p -> new Entry.Directory(p, Mode.DIRECTORY));
                if (!(parent instanceof Entry.Directory)) {
                    throw new InvalidPackageException("path " + entry.path() + " stands below " + parent.path()
                            + ", which is " + Entry.kind(parent) + "; dpkg would follow or replace it, so move one of them");
                }
            }
        }
        return new FileTree(entries);
    }

    /** All entries, parents before children. */
    public Collection<Entry> entries() {
        return entries.values();
    }

    /** The regular files, in order. */
    public List<Entry.File> files() {
        return stream(Entry.File.class).toList();
    }

    /** The entries of one kind, in order. */
    public <E extends Entry> Stream<E> stream(Class<E> kind) {
        return entries.values().stream().filter(kind::isInstance).map(kind::cast);
    }

    /** The entry at a path, or null. */
    public Entry get(InstallPath path) {
        return entries.get(path);
    }

    /** The regular files directly in a directory, by name. */
    public List<Entry.File> filesIn(String directory) {
        return files().stream()
                .filter(file -> file.path().parent().value().equals(directory))
                .toList();
    }

    /** The bytes of all files. */
    public long size() {
        long size = 0;
        for (Entry entry : entries.values()) {
            size += entry instanceof Entry.File file ? file.content().size() : 0;
        }
        return size;
    }

    /**
     * The Installed-Size in KiB as dpkg-gencontrol(1) counts it: each file rounded up, one for any other entry (Policy
     * 5.6.20 leaves the counting to the builder).
     */
    public long installedSize() {
        return entries.values().stream()
                .mapToLong(entry -> entry instanceof Entry.File file ? (file.content().size() + 1023) / 1024 : 1)
                .sum();
    }
}
