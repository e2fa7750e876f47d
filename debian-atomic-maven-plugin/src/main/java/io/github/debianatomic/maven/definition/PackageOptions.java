package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.deb.BuildTime;
import io.github.debianatomic.maven.deb.DebianVersion;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user's project decides about a package.
 *
 * @param version the version it gets
 * @param maintainer {@code Name <mail>}, Policy 5.6.2
 * @param time the time of every entry
 * @param change one sentence for the changelog on where the build comes from
 * @param enabledUnits units to enable that the package ships disabled
 * @param disabledUnits units to disable that the package ships enabled
 * @param choices values of the package's choices by name; its defaults where absent
 * @param relations fields such as Depends, appended to those of the package
 * @param fields control fields that replace those of the package
 * @param excludes globs of what is left out of the tree
 * @param shlibdeps where dpkg-shlibdeps(1) may run to find what the binaries depend on; null when it is not asked to
 */
public record PackageOptions(
        DebianVersion version,
        String maintainer,
        BuildTime time,
        String change,
        List<String> enabledUnits,
        List<String> disabledUnits,
        Map<String, String> choices,
        Map<String, List<String>> relations,
        Map<String, String> fields,
        List<String> excludes,
        Path shlibdeps) {

    /** Copies the collections; the fields in their order, so that of two wrong ones it is always the first that is named. */
    public PackageOptions {
        enabledUnits = List.copyOf(enabledUnits);
        disabledUnits = List.copyOf(disabledUnits);
        choices = Map.copyOf(choices);
        relations = Map.copyOf(relations);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        excludes = List.copyOf(excludes);
    }
}
