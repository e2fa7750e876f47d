package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.List;
import java.util.Optional;

/**
 * The findings that somebody looked at and accepts.
 *
 * @param all at most one for a package, a check and a place
 */
public record Waivers(List<Waiver> all) {

    /** Nothing is accepted. */
    public static final Waivers NONE = new Waivers(List.of());

    /**
     * One of them.
     *
     * @param packageName the package it holds for
     * @param check the check whose findings it accepts
     * @param where the only path, control file or field it holds for, or empty for all of them
     * @param reason why; whoever reads the POM wants to know
     */
    public record Waiver(String packageName, String check, String where, String reason) {

        /** @throws InvalidPackageException when it names no reason, or what cannot be waived */
        public Waiver {
            String place = "waiver of check '" + check + "' for package " + packageName;
            if (!Checks.NAMES.contains(check)) {
                throw new InvalidPackageException(place, "there is no such check; expected one of " + String.join(", ", Checks.NAMES));
            }
            if (reason.isBlank()) {
                throw new InvalidPackageException(place, "has no reason; say why what it finds is right");
            }
        }

        boolean accepts(Finding finding) {
            return packageName.equals(finding.packageName())
                    && check.equals(finding.check())
                    && (where.isEmpty() || where.equals(finding.where()));
        }
    }

    /** Copies the list. */
    public Waivers {
        all = List.copyOf(all);
    }

    Optional<Waiver> of(Finding finding) {
        return all.stream().filter(waiver -> waiver.accepts(finding)).findFirst();
    }
}
