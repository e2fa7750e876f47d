package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluator;
import org.codehaus.plexus.configuration.PlexusConfiguration;

/**
 * What {@code <packages>} says of one package; the fields are described at {@link PackageMojo#packages}. Read by hand,
 * because Maven's own converter turns a block with an unknown field into null.
 *
 * @param skip whether nothing is built
 * @param shlibdeps whether dpkg-shlibdeps(1) is asked for dependencies
 * @param values the fields that hold one value
 * @param lists the fields that hold a list
 * @param maps the fields that hold named values
 * @param overlays what lies over the package, in order
 */
record PackageBlock(
        boolean skip,
        boolean shlibdeps,
        Map<String, String> values,
        Map<String, List<String>> lists,
        Map<String, Map<String, String>> maps,
        List<OverlayBlock> overlays) {

    private static final List<String> VALUES = List.of("skip", "shlibdeps", "optUsrlocal", "busName", "program", "composefs", "rootFsType", "release");
    private static final List<String> FLAGS = List.of("skip", "shlibdeps");
    private static final List<String> LISTS =
            List.of("enabledUnits", "disabledUnits", "depends", "recommends", "excludes", "kernelArguments");
    private static final List<String> MAPS = List.of("fields", "updateSchedule", "choices");
    private static final List<String> OVERLAY_FIELDS = List.of("directory", "artifact", "target", "includes", "excludes");

    private static final PackageBlock EMPTY = new PackageBlock(false, false, Map.of(), Map.of(), Map.of(), List.of());

    /**
     * One {@code <overlay>}.
     *
     * @param directory a directory that stands for {@code /}, or null
     * @param artifact coordinates of an archive or a file, or null
     * @param target where it is laid; for a plain file its path
     * @param includes Ant patterns of what is taken, everything when empty
     * @param excludes Ant patterns of what is not
     */
    record OverlayBlock(String directory, String artifact, String target, List<String> includes, List<String> excludes) {}

    /**
     * @param packages the element {@code <packages>}, or null
     * @param name the package whose block is wanted
     * @param known the packages that a block may be named after
     * @param evaluator Maven's own; the expressions in a block that is to be skipped are left, as what sets them may be skipped too
     * @throws InvalidPackageException when the block is not understood, or there is no package of another's name
     */
    static PackageBlock of(PlexusConfiguration packages, String name, Collection<String> known, ExpressionEvaluator evaluator) {
        Map<String, PlexusConfiguration> blocks = new LinkedHashMap<>();
        if (packages != null) {
            for (PlexusConfiguration block : packages.getChildren()) {
                if (!known.contains(block.getName())) {
                    throw new InvalidPackageException("<packages>",
                            "there is no package '" + block.getName() + "'" + NearestName.of(block.getName(), known));
                }
                if (blocks.put(block.getName(), block) != null) {
                    throw new InvalidPackageException("<packages>", "<" + block.getName() + "> comes twice; join the two blocks");
                }
            }
        }
        return blocks.containsKey(name) ? read(blocks.get(name), evaluator) : EMPTY;
    }

    private static PackageBlock read(PlexusConfiguration block, ExpressionEvaluator evaluator) {
        String where = "<packages><" + block.getName() + ">";
        PlexusConfiguration skip = block.getChild("skip", false);
        if (skip != null) {
            Expressions.evaluate(skip, where + "<skip>", evaluator);
        }
        if (skip == null || !skip.getValue("").strip().equals("true")) {
            Expressions.evaluate(block, where, evaluator);
        }
        List<String> fields = new ArrayList<>(VALUES);
        fields.addAll(LISTS);
        fields.addAll(MAPS);
        fields.add("overlays");
        fields.add("waivers");
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, List<String>> lists = new LinkedHashMap<>();
        Map<String, Map<String, String>> maps = new LinkedHashMap<>();
        List<OverlayBlock> overlays = new ArrayList<>();
        for (PlexusConfiguration field : block.getChildren()) {
            require(field.getName(), fields, "field", where);
            if (values.containsKey(field.getName()) || lists.containsKey(field.getName()) || maps.containsKey(field.getName())
                    || field.getName().equals("overlays") && !overlays.isEmpty()) {
                throw new InvalidPackageException(where, "<" + field.getName() + "> comes twice; join the two");
            }
            requireForm(field, where);
            if (VALUES.contains(field.getName())) {
                values.put(field.getName(), field.getValue("").strip());
            } else if (LISTS.contains(field.getName())) {
                lists.put(field.getName(), list(field));
            } else if (MAPS.contains(field.getName())) {
                Map<String, String> named = new LinkedHashMap<>();
                for (PlexusConfiguration element : field.getChildren()) {
                    named.put(element.getName(), element.getValue("").strip());
                }
                maps.put(field.getName(), named);
            } else if (field.getName().equals("overlays")) { // waivers: see WaiverBlocks
                for (PlexusConfiguration overlay : field.getChildren()) {
                    overlays.add(overlay(overlay, where + "<overlays>"));
                }
            }
        }
        for (String flag : FLAGS) {
            ParameterCheck.requireFlag(values.getOrDefault(flag, "false"), where + "<" + flag + ">");
        }
        return new PackageBlock(values.getOrDefault("skip", "false").equals("true"), values.getOrDefault("shlibdeps", "false").equals("true"), values, lists, maps, List.copyOf(overlays));
    }

    private static OverlayBlock overlay(PlexusConfiguration overlay, String where) {
        for (PlexusConfiguration field : overlay.getChildren()) {
            require(field.getName(), OVERLAY_FIELDS, "field", where);
        }
        String directory = overlay.getChild("directory").getValue(null);
        String artifact = overlay.getChild("artifact").getValue(null);
        if ((directory == null) == (artifact == null)) {
            throw new InvalidPackageException(where, "an overlay has " + (directory == null ? "neither" : "both") + " <directory> "
                    + (directory == null ? "nor" : "and") + " <artifact>; give it one of them");
        }
        return new OverlayBlock(directory, artifact, overlay.getChild("target").getValue("/").strip(),
                list(overlay.getChild("includes")), list(overlay.getChild("excludes")));
    }

    /** A value where elements belong, or elements where a value belongs, would be passed over without a word. */
    private static void requireForm(PlexusConfiguration field, String where) {
        boolean value = VALUES.contains(field.getName());
        boolean text = field.getValue() != null && !field.getValue().isBlank();
        if (value && field.getChildCount() > 0) {
            throw new InvalidPackageException(where + "<" + field.getName() + ">", "holds elements; expected a value");
        }
        if (!value && text && field.getChildCount() == 0) {
            throw new InvalidPackageException(where + "<" + field.getName() + ">",
                    "holds the text '" + field.getValue().strip() + "'; expected elements, such as <" + singular(field.getName()) + ">"
                            + field.getValue().strip() + "</" + singular(field.getName()) + ">");
        }
    }

    private static String singular(String field) {
        return field.endsWith("s") ? field.substring(0, field.length() - 1) : field;
    }

    private static void require(String name, List<String> known, String kind, String where) {
        if (!known.contains(name)) {
            throw new InvalidPackageException(where, "there is no " + kind + " '" + name + "'" + NearestName.of(name, known));
        }
    }

    /** The values of a list's elements, whatever they are called, as Maven has it. */
    private static List<String> list(PlexusConfiguration field) {
        List<String> values = new ArrayList<>();
        for (PlexusConfiguration element : field.getChildren()) {
            values.add(element.getValue("").strip());
        }
        return List.copyOf(values);
    }

    /** The values of the package's choices by name. */
    Map<String, String> choices() {
        Map<String, String> choices = new LinkedHashMap<>(maps.getOrDefault("choices", Map.of()));
        if (values.containsKey("optUsrlocal")) {
            choices.put("optUsrlocal", values.get("optUsrlocal"));
        }
        return choices;
    }

    /** A list by the name of its field; empty when it is not there. */
    List<String> list(String field) {
        return lists.getOrDefault(field, List.of());
    }
}
