package io.github.debianatomic.maven.mojo;

import java.util.List;

/** What {@code <packages>} says of one package; see {@link PackageMojo#packages}. */
public final class PackageBlock {

    /** {@code true} builds and attaches nothing for this package. */
    boolean skip;

    /** Units to enable on installation that the package ships disabled. */
    List<String> enabledUnits = List.of();

    /** Units to leave disabled on installation that the package ships enabled. */
    List<String> disabledUnits = List.of();

    /** For package apt-ostree, which tmpfiles.d rules it ships for {@code /opt} and {@code /usr/local}. */
    String optUsrlocal;

    /** Relations added to the package's Depends, one an element, in the syntax of deb-control(5). */
    List<String> depends = List.of();

    /** Relations added to the package's Recommends. */
    List<String> recommends = List.of();
}
