package io.github.debianatomic.maven.definition;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the POM sets for one package under {@code <packages>}. Its text is recorded as an input of the deb, so all
 * collections keep their order.
 *
 * @param skip whether nothing is built
 * @param enabledUnits units to enable that the package ships disabled
 * @param disabledUnits units to disable that the package ships enabled
 * @param depends relations to add to Depends
 * @param recommends relations to add to Recommends
 * @param shlibdeps whether dpkg-shlibdeps(1) finds further dependencies
 * @param fields control fields that replace those of the package
 * @param overlays trees that overlay the package, in order
 * @param excludes globs of paths to leave out
 * @param choices values of the package's choices by name
 * @param waivers findings to override
 * @param settings of the bundled packages
 */
public record PackageBlock(
        boolean skip,
        List<String> enabledUnits,
        List<String> disabledUnits,
        List<String> depends,
        List<String> recommends,
        boolean shlibdeps,
        Map<String, String> fields,
        List<Overlay> overlays,
        List<String> excludes,
        Map<String, String> choices,
        List<Waiver> waivers,
        Settings settings) {

    /** Copies the collections. */
    public PackageBlock {
        enabledUnits = List.copyOf(enabledUnits);
        disabledUnits = List.copyOf(disabledUnits);
        depends = List.copyOf(depends);
        recommends = List.copyOf(recommends);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        overlays = List.copyOf(overlays);
        excludes = List.copyOf(excludes);
        choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
        waivers = List.copyOf(waivers);
    }

    /**
     * One {@code <overlay>}.
     *
     * @param directory a directory that stands for {@code /}, or null
     * @param artifact coordinates of an archive or a file, or null
     * @param target the path it is installed at; of a file, its own
     * @param includes Ant patterns of what is taken; everything when empty
     * @param excludes Ant patterns of what is left out
     */
    public record Overlay(String directory, String artifact, String target, List<String> includes, List<String> excludes) {

        /** Copies the lists. */
        public Overlay {
            includes = List.copyOf(includes);
            excludes = List.copyOf(excludes);
        }
    }

    /**
     * One {@code <waiver>}.
     *
     * @param check the check whose findings are overridden
     * @param where the only place, or empty
     * @param reason why
     */
    public record Waiver(String check, String where, String reason) {}
}
