package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.deb822.Deb822;
import io.github.debianatomic.maven.deb822.Field;
import io.github.debianatomic.maven.deb822.Paragraph;
import io.github.debianatomic.maven.definition.PackageDefinition.ConditionalFields;
import io.github.debianatomic.maven.definition.PackageDefinition.FileRule;
import io.github.debianatomic.maven.definition.PackageDefinition.OverlayAction;
import io.github.debianatomic.maven.definition.PackageDefinition.OverlayRule;
import io.github.debianatomic.maven.grammar.PackageName;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a {@code control} file strictly: what is not understood is an error that names the line. */
final class DefinitionParser {

    /** The fields of each kind of later paragraph; the kind is the field that it begins with. */
    private static final Map<String, Set<String>> KINDS = Map.of(
            "Files", Set.of("Mode", "When"),
            "Link", Set.of("Target", "When"),
            "Overlay", Set.of("Action", "Target"),
            "Directory", Set.of("Mode"),
            "Unit", Set.of("Enable"),
            "Trigger", Set.of("Directive"),
            "Choice", Set.of("Values"),
            "When", Stream.concat(ControlFields.RELATIONS.stream(), Stream.of("Description")).collect(Collectors.toUnmodifiableSet()));

    /** deb-triggers(5). */
    private static final Set<String> DIRECTIVES = Set.of(
            "interest", "interest-await", "interest-noawait", "activate", "activate-await", "activate-noawait");

    private final String source;
    private final List<FileRule> rules = new ArrayList<>();
    private final List<Entry.Link> links = new ArrayList<>();
    private final List<Entry.Directory> directories = new ArrayList<>();
    private final Map<String, Boolean> units = new LinkedHashMap<>();
    private final List<String> triggers = new ArrayList<>();
    private final Map<String, List<String>> choices = new LinkedHashMap<>();
    private final Map<InstallPath, InstallPath> linkConditions = new LinkedHashMap<>();
    private final List<OverlayRule> overlayRules = new ArrayList<>();
    private final List<ConditionalFields> conditionalFields = new ArrayList<>();

    DefinitionParser(String source) {
        this.source = source;
    }

    PackageDefinition parse(String text) {
        List<Paragraph> paragraphs = Deb822.parse(text, source);
        if (paragraphs.isEmpty()) {
            throw new InvalidPackageException(source, "is empty; write control fields or paragraphs into it, or delete it");
        }
        // an overlay's file may have no control fields at all
        boolean hasFields = !KINDS.containsKey(paragraphs.get(0).fields().get(0).name());
        Map<String, String> fields = hasFields ? controlFields(paragraphs.get(0)) : Map.of();
        paragraphs.subList(hasFields ? 1 : 0, paragraphs.size()).forEach(this::add);
        return new PackageDefinition(
                source, fields, rules, links, linkConditions, directories, units, triggers, choices, overlayRules, conditionalFields);
    }

    private static Map<String, String> controlFields(Paragraph paragraph) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Field field : paragraph.fields()) {
            if (!ControlFields.WRITABLE.contains(field.name())) {
                throw unknown(paragraph, field, ControlFields.WRITABLE);
            }
            fields.put(field.name(), controlValue(paragraph, field));
        }
        if (!fields.containsKey("Package")) {
            return fields; // they override those of another file
        }
        List<String> lacking = Stream.of("Section", "Priority", "Description").filter(required -> !fields.containsKey(required)).toList();
        if (!lacking.isEmpty()) {
            throw new InvalidPackageException(paragraph.where("Package"), "paragraph lacks " + String.join(", ", lacking) + "; add "
                    + (lacking.size() == 1 ? "it" : "them"));
        }
        if (!PackageName.isValid(fields.get("Package"))) {
            throw new InvalidPackageException(paragraph.where("Package"), "'" + fields.get("Package")
                    + "' is not a package name; expected two or more of a-z 0-9 + - . beginning with a letter or digit");
        }
        return fields;
    }

    private static String controlValue(Paragraph paragraph, Field field) {
        if (field.value().isEmpty()) {
            throw new InvalidPackageException(paragraph.where(field.name()), "field " + field.name() + " is empty; give it a value or delete it");
        }
        if (ControlFields.RELATIONS.contains(field.name())) {
            ControlFields.requireRelations(field.value(), paragraph.where(field.name()));
        }
        return field.value();
    }

    private void add(Paragraph paragraph) {
        String kind = paragraph.fields().get(0).name();
        Set<String> allowed = KINDS.get(kind);
        if (allowed == null) {
            throw unknown(paragraph, paragraph.fields().get(0), KINDS.keySet());
        }
        for (Field field : paragraph.fields()) {
            if (!field.name().equals(kind) && !allowed.contains(field.name())) {
                throw unknown(paragraph, field, allowed);
            }
        }
        switch (kind) {
            case "Files" -> addRule(paragraph);
            case "Link" -> addLink(paragraph);
            case "Overlay" -> addOverlayRule(paragraph);
            case "Directory" -> directories.add(new Entry.Directory(at(paragraph, "Directory", InstallPath::new),
                    paragraph.get("Mode") == null ? Mode.DIRECTORY : at(paragraph, "Mode", Mode::parse)));
            case "Unit" -> addUnit(paragraph);
            case "Trigger" -> addTrigger(paragraph);
            case "When" -> addConditionalFields(paragraph);
            default -> addChoice(paragraph);
        }
    }

    private void addRule(Paragraph paragraph) {
        Mode mode = paragraph.get("Mode") == null ? null : at(paragraph, "Mode", Mode::parse);
        String when = paragraph.get("When");
        if (mode == null && when == null) {
            throw new InvalidPackageException(paragraph.where("Files"), "paragraph has neither Mode nor When; add one or delete it");
        }
        String[] choice = when == null ? new String[2] : when.split("=", 2);
        if (when != null && (choice.length < 2 || !choices.getOrDefault(choice[0], List.of()).contains(choice[1]))) {
            throw new InvalidPackageException(paragraph.where("When"), "'" + when
                    + "' is no choice with one of its values; expected choice=value after its Choice paragraph, from " + choices);
        }
        for (String glob : require(paragraph, "Files").split("\\s+")) {
            if (!glob.startsWith("/") && !glob.startsWith("*")) {
                throw new InvalidPackageException(paragraph.where("Files"), "'" + glob + "' is no path; write /" + glob);
            }
            rules.add(new FileRule(paragraph.where("Files"), glob, mode, choice[0], choice[1]));
        }
    }

    private void addLink(Paragraph paragraph) {
        Entry.Link link = at(paragraph, "Target", target -> new Entry.Link(at(paragraph, "Link", InstallPath::new), target).withinTheRoot());
        if (!link.target().equals(paragraph.get("Target"))) {
            throw new InvalidPackageException(paragraph.where("Target"), "'" + paragraph.get("Target") + "' climbs above the root from "
                    + link.path() + "; write " + link.target());
        }
        links.add(link);
        if (paragraph.get("When") != null) {
            linkConditions.put(link.path(), at(paragraph, "When", InstallPath::new));
        }
    }

    private void addOverlayRule(Paragraph paragraph) {
        OverlayAction action = OverlayAction.valueOf(oneOf(paragraph, "Action", Set.of("keep", "drop", "move")).toUpperCase(Locale.ROOT));
        overlayRules.add(new OverlayRule(
                require(paragraph, "Overlay"), action, action == OverlayAction.MOVE ? at(paragraph, "Target", InstallPath::new) : null));
    }

    private void addTrigger(Paragraph paragraph) {
        String line = oneOf(paragraph, "Directive", DIRECTIVES) + " " + require(paragraph, "Trigger");
        if (triggers.contains(line)) {
            throw new InvalidPackageException(paragraph.where("Trigger"), "'" + line + "' has two paragraphs; keep one");
        }
        triggers.add(line);
    }

    private void addChoice(Paragraph paragraph) {
        if (choices.put(require(paragraph, "Choice"), List.of(require(paragraph, "Values").split("\\s+"))) != null) {
            throw new InvalidPackageException(paragraph.where("Choice"), "choice " + require(paragraph, "Choice") + " has two paragraphs; keep one");
        }
    }

    private void addConditionalFields(Paragraph paragraph) {
        InstallPath needed = at(paragraph, "When", InstallPath::new);
        Map<String, String> fields = new LinkedHashMap<>();
        for (Field field : paragraph.fields().subList(1, paragraph.fields().size())) {
            fields.put(field.name(), controlValue(paragraph, field));
        }
        if (fields.isEmpty()) {
            throw new InvalidPackageException(paragraph.where("When"), "paragraph has no field beside When; add one, such as Depends, or delete it");
        }
        conditionalFields.add(new ConditionalFields(needed, fields));
    }

    private void addUnit(Paragraph paragraph) {
        String unit = require(paragraph, "Unit");
        boolean enable = oneOf(paragraph, "Enable", Set.of("yes", "no")).equals("yes");
        if (units.put(unit, enable) != null) {
            throw new InvalidPackageException(paragraph.where("Unit"), "unit " + unit + " has two paragraphs; keep one");
        }
    }

    private static String require(Paragraph paragraph, String field) {
        String value = paragraph.get(field);
        if (value == null || value.isEmpty()) {
            throw new InvalidPackageException(paragraph.where(field), "paragraph lacks the field " + field + "; add it");
        }
        return value;
    }

    private static String oneOf(Paragraph paragraph, String field, Set<String> values) {
        String value = require(paragraph, field);
        if (!values.contains(value)) {
            throw new InvalidPackageException(paragraph.where(field), "'" + value + "' is no value of " + field
                    + "; expected one of " + String.join(", ", new TreeSet<>(values)));
        }
        return value;
    }

    private static <T> T at(Paragraph paragraph, String field, Function<String, T> parser) {
        String value = require(paragraph, field);
        try {
            return parser.apply(value);
        } catch (InvalidPackageException e) {
            throw e.getCause() instanceof InvalidPackageException ? e : e.at(paragraph.where(field));
        }
    }

    private static InvalidPackageException unknown(Paragraph paragraph, Field field, Set<String> known) {
        String why = ControlFields.COMPUTED.getOrDefault(field.name(), "is unknown");
        return new InvalidPackageException(paragraph.where(field.name()), "field " + field.name() + " " + why
                + "; expected one of " + String.join(", ", new TreeSet<>(known)));
    }
}
