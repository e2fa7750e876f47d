package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.plexus.configuration.PlexusConfiguration;

/**
 * What {@code <packages>} says of one package; the fields are described at {@link PackageMojo#packages}. Read by hand,
 * because Maven's own converter turns a block with an unknown field into null.
 */
record PackageBlock(
        boolean skip, List<String> enabledUnits, List<String> disabledUnits, Map<String, String> choices, Map<String, List<String>> relations) {

    private static final List<String> FIELDS = List.of("skip", "enabledUnits", "disabledUnits", "optUsrlocal", "depends", "recommends");

    private static final PackageBlock EMPTY = new PackageBlock(false, List.of(), List.of(), Map.of(), Map.of());

    /**
     * @param packages the element {@code <packages>}, or null
     * @param name the package whose block is wanted
     * @param known the packages that a block may be named after
     * @throws InvalidPackageException when any of the blocks is not understood
     */
    static PackageBlock of(PlexusConfiguration packages, String name, Collection<String> known) {
        Map<String, PackageBlock> blocks = new LinkedHashMap<>();
        if (packages != null) {
            for (PlexusConfiguration block : packages.getChildren()) {
                if (!known.contains(block.getName())) {
                    throw new InvalidPackageException("<packages>",
                            "there is no package '" + block.getName() + "'" + NearestName.of(block.getName(), known));
                }
                if (blocks.put(block.getName(), read(block)) != null) {
                    throw new InvalidPackageException("<packages>", "<" + block.getName() + "> comes twice; join the two blocks");
                }
            }
        }
        return blocks.getOrDefault(name, EMPTY);
    }

    private static PackageBlock read(PlexusConfiguration block) {
        for (PlexusConfiguration field : block.getChildren()) {
            if (!FIELDS.contains(field.getName())) {
                throw new InvalidPackageException("<packages><" + block.getName() + ">",
                        "there is no field '" + field.getName() + "'" + NearestName.of(field.getName(), FIELDS));
            }
        }
        String optUsrlocal = block.getChild("optUsrlocal").getValue(null);
        return new PackageBlock(
                Boolean.parseBoolean(block.getChild("skip").getValue("false").strip()),
                list(block, "enabledUnits"),
                list(block, "disabledUnits"),
                optUsrlocal == null ? Map.of() : Map.of("optUsrlocal", optUsrlocal.strip()),
                Map.of("Depends", list(block, "depends"), "Recommends", list(block, "recommends")));
    }

    /** The values of a list's elements, whatever they are called, as Maven has it. */
    private static List<String> list(PlexusConfiguration block, String field) {
        List<String> values = new ArrayList<>();
        for (PlexusConfiguration element : block.getChild(field).getChildren()) {
            values.add(element.getValue("").strip());
        }
        return Collections.unmodifiableList(values);
    }
}
