package io.github.debianatomic.maven.tree;

import io.github.debianatomic.maven.InvalidPackageException;

/**
 * The permission bits of an entry, the lower twelve of {@code st_mode}.
 *
 * @param bits the bits, such as {@code 0644}
 */
public record Mode(int bits) {

    /** A regular file: readable by all, writable by root. */
    public static final Mode FILE = new Mode(0644);

    /** A program or script. */
    public static final Mode EXECUTABLE = new Mode(0755);

    /** A directory. */
    public static final Mode DIRECTORY = new Mode(0755);

    /** A symbolic link; Linux ignores the bits and dpkg-deb lists them as {@code rwxrwxrwx}. */
    public static final Mode LINK = new Mode(0777);

    /** Of a program whose source says no mode; a rule has to, or the build fails. */
    public static final Mode UNKNOWN = new Mode(-1);

    /**
     * @param octal three or four octal digits, such as {@code 0755}
     * @throws InvalidPackageException when it is anything else
     */
    public static Mode parse(String octal) {
        if (!octal.matches("[0-7]{3,4}")) {
            throw new InvalidPackageException(
                    "mode '" + octal + "' is not octal; write three or four digits from 0 to 7, such as 0644 or 0755");
        }
        return new Mode(Integer.parseInt(octal, 8));
    }

    /** Whether the owner may execute it. */
    public boolean isExecutable() {
        return (bits & 0100) != 0;
    }

    @Override
    public String toString() {
        return String.format("%04o", bits);
    }
}
