package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.tree.InstallPath;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A package put together, and how it came to be.
 *
 * @param deb the package to write
 * @param origins where each file and link comes from, by its path
 * @param scripts what each maintainer script does and why, by its name
 * @param decisions sentences on what was replaced, moved or left out
 */
public record Assembly(Deb deb, SortedMap<InstallPath, String> origins, Map<String, List<String>> scripts, List<String> decisions) {

    /** Copies the collections. */
    public Assembly {
        origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
        scripts = Collections.unmodifiableMap(new TreeMap<>(scripts));
        decisions = List.copyOf(decisions);
    }
}
