package io.github.debianatomic.maven.deb;

import io.github.debianatomic.maven.InvalidPackageException;

/**
 * Who is responsible for a package, Policy 5.6.2.
 *
 * @param value {@code Name <mail@example.org>}
 */
public record Maintainer(String value) {

    /** @throws InvalidPackageException when it is not one name and one address */
    public Maintainer {
        if (value.contains(",")) {
            throw new InvalidPackageException("maintainer",
                    "'" + value + "' holds a comma, which separates addresses (Debian Policy 5.6.2); write the name without it");
        }
        if (!value.matches("[^<>,\\p{Cntrl}]*[^<>,\\p{Cntrl}\\s] <[^<>@\\s]+@[^<>@\\s]+>")) {
            throw new InvalidPackageException("maintainer",
                    "'" + value + "' has no name and address; expected 'Name <mail@example.org>' (Debian Policy 5.6.2)");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
