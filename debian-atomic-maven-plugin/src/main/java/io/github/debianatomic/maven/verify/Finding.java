package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Severity;

/**
 * Something wrong with a deb.
 *
 * @param check the name of the check that found it
 * @param severity whether the build fails
 * @param packageName the package, or the file's name where it could not be read
 * @param where a path, a control file or a field of it
 * @param message what was found, what was expected, what to do
 */
public record Finding(String check, Severity severity, String packageName, String where, String message) {

    @Override
    public String toString() {
        return packageName + ": " + where + ": " + message + " [" + check + "]";
    }
}
