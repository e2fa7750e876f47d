package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.NearestName;
import io.github.debianatomic.maven.definition.PackageBlock;
import io.github.debianatomic.maven.definition.Settings;
import io.github.debianatomic.maven.mojo.BlockField.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluator;
import org.codehaus.plexus.configuration.PlexusConfiguration;

/**
 * Reads {@code <packages>}. By hand, because Maven's own converter turns a block with an unknown field into null:
 * {@code src/adr/0003}.
 */
final class PackageBlocks {

    private static final List<String> OVERLAY_FIELDS = List.of("directory", "artifact", "target", "includes", "excludes");

    private static final List<String> WAIVER_FIELDS = List.of("check", "where", "reason");

    private final String name;
    private final Map<BlockField, PlexusConfiguration> fields = new EnumMap<>(BlockField.class);

    private PackageBlocks(String name) {
        this.name = name;
    }

    /**
     * @param packages the element {@code <packages>}, or null
     * @param name the package whose block is wanted
     * @param known the packages that a block may be named after
     * @param evaluator Maven's own; a block that is to be skipped keeps its expressions, because what sets them may be skipped too
     * @throws InvalidPackageException when the block is not understood, or another is of no package
     */
    static PackageBlock of(PlexusConfiguration packages, String name, Collection<String> known, ExpressionEvaluator evaluator) {
        Map<String, PlexusConfiguration> blocks = new LinkedHashMap<>();
        if (packages != null) {
            for (PlexusConfiguration block : packages.getChildren()) {
                if (!known.contains(block.getName())) {
                    throw new InvalidPackageException("<packages>", "there is no package '" + block.getName() + "'" + NearestName.of(block.getName(), known));
                }
                if (blocks.put(block.getName(), block) != null) {
                    throw new InvalidPackageException("<packages>", "<" + block.getName() + "> comes twice; join the two blocks");
                }
            }
        }
        PackageBlocks reader = new PackageBlocks(name);
        if (blocks.containsKey(name)) {
            reader.add(blocks.get(name), evaluator);
        }
        return reader.block();
    }

    /**
     * @param block of any package, its expressions evaluated
     * @return what its {@code <waivers>} hold
     * @throws InvalidPackageException for a field that no waiver has
     */
    static List<PackageBlock.Waiver> waivers(PlexusConfiguration block) {
        PackageBlocks reader = new PackageBlocks(block.getName());
        PlexusConfiguration waivers = block.getChild("waivers", false); // without false the element is added to the block
        if (waivers != null) {
            reader.fields.put(BlockField.WAIVERS, waivers);
        }
        return reader.waivers();
    }

    private void add(PlexusConfiguration block, ExpressionEvaluator evaluator) {
        String where = "<packages><" + name + ">";
        PlexusConfiguration skip = block.getChild(BlockField.SKIP.element(), false);
        if (skip != null) {
            Expressions.evaluate(skip, where + "<skip>", evaluator);
        }
        if (skip == null || !text(skip).equals("true")) {
            Expressions.evaluate(block, where, evaluator);
        }
        for (PlexusConfiguration element : block.getChildren()) {
            BlockField field = BlockField.named(element.getName());
            if (field == null) {
                throw unknown(element, BlockField.elementsFor(name), where);
            }
            if (!field.isFor(name)) {
                throw new InvalidPackageException(where(field), "belongs to package " + field.packageName() + "; move it into that block, or delete it");
            }
            if (fields.put(field, element) != null) {
                throw new InvalidPackageException(where, "<" + field.element() + "> comes twice; join the two");
            }
            requireForm(field, element);
        }
    }

    private PackageBlock block() {
        Map<String, String> choices = map(BlockField.CHOICES);
        if (fields.containsKey(BlockField.OPT_USRLOCAL)) {
            choices.put(BlockField.OPT_USRLOCAL.element(), value(BlockField.OPT_USRLOCAL));
        }
        Settings settings = new Settings(map(BlockField.UPDATE_SCHEDULE), value(BlockField.COMPOSEFS), value(BlockField.RELEASE),
                value(BlockField.ROOT_FS_TYPE), list(BlockField.KERNEL_ARGUMENTS), value(BlockField.BUS_NAME), value(BlockField.PROGRAM));
        return new PackageBlock(flag(BlockField.SKIP), list(BlockField.ENABLED_UNITS), list(BlockField.DISABLED_UNITS), list(BlockField.DEPENDS),
                list(BlockField.RECOMMENDS), flag(BlockField.SHLIBDEPS), map(BlockField.FIELDS), overlays(), list(BlockField.EXCLUDES), choices,
                waivers(), settings);
    }

    private String where(BlockField field) {
        return "<packages><" + name + "><" + field.element() + ">";
    }

    private static InvalidPackageException unknown(PlexusConfiguration element, List<String> known, String where) {
        return new InvalidPackageException(where, "there is no field '" + element.getName() + "'" + NearestName.of(element.getName(), known));
    }

    /** Maven ignores text where elements belong, and elements where text belongs. */
    private void requireForm(BlockField field, PlexusConfiguration element) {
        if (field.kind().isText() && element.getChildCount() > 0) {
            throw new InvalidPackageException(where(field), "holds elements; expected a value");
        }
        if (!field.kind().isText() && !text(element).isEmpty() && element.getChildCount() == 0) {
            String singular = field.element().endsWith("s") ? field.element().substring(0, field.element().length() - 1) : field.element();
            throw new InvalidPackageException(where(field), "holds the text '" + text(element) + "'; expected elements, such as <" + singular + ">"
                    + text(element) + "</" + singular + ">");
        }
        if (field.kind() == Kind.FLAG) {
            ParameterCheck.requireFlag(text(element), where(field));
        }
    }

    private static String text(PlexusConfiguration element) {
        return element.getValue("").strip();
    }

    private boolean flag(BlockField field) {
        return "true".equals(value(field));
    }

    /** The text of a field, or null. */
    private String value(BlockField field) {
        return fields.containsKey(field) ? text(fields.get(field)) : null;
    }

    private List<String> list(BlockField field) {
        return fields.containsKey(field) ? list(fields.get(field)) : List.of();
    }

    /** The values of a list's elements, whatever they are called, as Maven has it. */
    private static List<String> list(PlexusConfiguration list) {
        List<String> values = new ArrayList<>();
        for (PlexusConfiguration element : list.getChildren()) {
            values.add(text(element));
        }
        return values;
    }

    private Map<String, String> map(BlockField field) {
        Map<String, String> values = new LinkedHashMap<>();
        for (PlexusConfiguration element : children(field)) {
            values.put(element.getName(), text(element));
        }
        return values;
    }

    private PlexusConfiguration[] children(BlockField field) {
        return fields.containsKey(field) ? fields.get(field).getChildren() : new PlexusConfiguration[0];
    }

    private List<PackageBlock.Overlay> overlays() {
        List<PackageBlock.Overlay> overlays = new ArrayList<>();
        for (PlexusConfiguration overlay : children(BlockField.OVERLAYS)) {
            overlays.add(overlay(overlay, where(BlockField.OVERLAYS)));
        }
        return overlays;
    }

    private static PackageBlock.Overlay overlay(PlexusConfiguration overlay, String where) {
        requireFields(overlay, OVERLAY_FIELDS, where);
        String directory = overlay.getChild("directory").getValue(null);
        String artifact = overlay.getChild("artifact").getValue(null);
        if ((directory == null) == (artifact == null)) {
            throw new InvalidPackageException(where, "an overlay has " + (directory == null ? "neither" : "both") + " <directory> "
                    + (directory == null ? "nor" : "and") + " <artifact>; give it one of them");
        }
        return new PackageBlock.Overlay(directory == null ? null : directory.strip(), artifact == null ? null : artifact.strip(),
                overlay.getChild("target").getValue("/").strip(), list(overlay.getChild("includes")), list(overlay.getChild("excludes")));
    }

    private List<PackageBlock.Waiver> waivers() {
        List<PackageBlock.Waiver> waivers = new ArrayList<>();
        for (PlexusConfiguration waiver : children(BlockField.WAIVERS)) {
            requireFields(waiver, WAIVER_FIELDS, where(BlockField.WAIVERS));
            Map<String, String> values = new LinkedHashMap<>();
            for (PlexusConfiguration field : waiver.getChildren()) {
                values.put(field.getName(), text(field));
            }
            waivers.add(new PackageBlock.Waiver(values.getOrDefault("check", ""), values.getOrDefault("where", ""), values.getOrDefault("reason", "")));
        }
        return waivers;
    }

    private static void requireFields(PlexusConfiguration block, List<String> known, String where) {
        for (PlexusConfiguration field : block.getChildren()) {
            if (!known.contains(field.getName())) {
                throw unknown(field, known, where);
            }
        }
    }
}
