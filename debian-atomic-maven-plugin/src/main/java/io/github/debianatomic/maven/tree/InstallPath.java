package io.github.debianatomic.maven.tree;

import io.github.debianatomic.maven.InvalidPackageException;

/**
 * Where an entry of a package stands on the installed system: absolute, normalised, {@code /} between its parts on
 * every platform. Control characters are refused because dpkg keeps a package's names one to a line.
 *
 * @param value the path, such as {@code /usr/lib/bootc/kargs.d}; {@code /} for the root
 */
public record InstallPath(String value) implements Comparable<InstallPath> {

    /** The root directory. */
    public static final InstallPath ROOT = new InstallPath("/");

    /** @throws InvalidPackageException when the path is not absolute, leaves the root or is not in normal form */
    public InstallPath {
        if (!value.startsWith("/")) {
            throw refuse(value, "is not absolute; begin it with /");
        }
        // one pass and no stream: a large package has tens of thousands of paths
        int start = 1;
        for (int i = 1; value.length() > 1 && i <= value.length(); i++) {
            char c = i < value.length() ? value.charAt(i) : '/';
            if (c < ' ' || c == 0x7f) {
                throw refuse(value, "holds a control character, which dpkg cannot record");
            }
            if (c == '/') {
                if (i - start == 2 && value.startsWith("..", start)) {
                    throw refuse(value, "has '..' and could leave the package's root; write the path it means");
                }
                if (i == start || i - start == 1 && value.charAt(start) == '.') {
                    throw refuse(value, "is not in normal form; write it without //, /./ and a / at the end");
                }
                start = i + 1;
            }
        }
    }

    /** The path of something with a name that dpkg cannot record, for patterns and messages. */
    static InstallPath resembling(String value) {
        return new InstallPath(value.replaceAll("\\p{Cntrl}", "?"));
    }

    private static InvalidPackageException refuse(String value, String why) {
        return new InvalidPackageException("path '" + value.replaceAll("\\p{Cntrl}", "?") + "' " + why);
    }

    /** The directory the entry stands in; of the root, the root itself. */
    public InstallPath parent() {
        int slash = value.lastIndexOf('/');
        return slash <= 0 ? ROOT : new InstallPath(value.substring(0, slash));
    }

    /** The last part of the path; empty for the root. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /** Whether this path stands below a directory, at any depth. */
    public boolean isBelow(InstallPath directory) {
        return !equals(directory) && (directory.equals(ROOT) || value.startsWith(directory.value + "/"));
    }

    /** The path as tar and dpkg list it: {@code ./usr/lib}, and {@code ./} for the root. */
    public String tarName() {
        return "." + value;
    }

    @Override
    public int compareTo(InstallPath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
