package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.tree.Mode;

/**
 * One entry of the control or the data member.
 *
 * @param name as the archive spells it, {@code ./usr/lib/}
 * @param kind what it is
 * @param mode the permission bits
 * @param owner whose it is
 * @param time seconds since 1970
 * @param size of a file
 * @param target of a link, or empty
 * @param md5 of a file's content, or empty
 */
public record Item(String name, Kind kind, Mode mode, Owner owner, long time, long size, String target, String md5) {

    /** What an entry is. */
    public enum Kind {
        /** A regular file. */
        FILE,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link. */
        LINK,
        /** What a package of ours never has: a hard link, a device, a pipe. */
        OTHER
    }

    /** Whether it is a regular file. */
    public boolean isFile() {
        return kind == Kind.FILE;
    }

    /** Whether it is a directory. */
    public boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    /** Whether it is a symbolic link. */
    public boolean isLink() {
        return kind == Kind.LINK;
    }
}
