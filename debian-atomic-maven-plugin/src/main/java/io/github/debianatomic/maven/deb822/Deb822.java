package io.github.debianatomic.maven.deb822;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The format of Debian's control files, deb822(5): paragraphs of fields, read strictly. */
public final class Deb822 {

    private Deb822() {}

    /**
     * @param text the whole file; lines end in LF
     * @param source its name in messages
     * @return its paragraphs, comments left out
     * @throws InvalidPackageException naming source and line when the text is not deb822
     */
    public static List<Paragraph> parse(String text, String source) {
        if (text.indexOf('\r') >= 0) {
            throw new InvalidPackageException(source + ":" + lineOf(text, text.indexOf('\r')),
                    "line ends in CR LF; expected LF alone (in git: mark the file `-text` in .gitattributes)");
        }
        List<Paragraph> paragraphs = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String where = source + ":" + number;
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                addParagraph(paragraphs, fields, source);
            } else if (line.startsWith(" ") || line.startsWith("\t")) {
                if (fields.isEmpty()) {
                    throw new InvalidPackageException(where, "continuation line '" + line.strip()
                            + "' follows no field; begin it with a field name and a colon, or join it to the paragraph above");
                }
                Field last = fields.remove(fields.size() - 1);
                fields.add(new Field(last.name(), last.value() + "\n " + line.substring(1).stripTrailing(), last.line()));
            } else {
                addField(fields, line, number, where);
            }
        }
        addParagraph(paragraphs, fields, source);
        return paragraphs;
    }

    private static void addField(List<Field> fields, String line, int number, String where) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon);
        // deb822(5): printable ASCII without space and colon, not beginning with # or -
        if (!name.matches("[!-,.-9;-~][!-9;-~]*")) {
            throw new InvalidPackageException(where, "'" + line + "' is not a field; expected 'Name: value'");
        }
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                throw new InvalidPackageException(where, "field " + name + " comes twice in one paragraph, first in line "
                        + field.line() + "; keep one, or put an empty line between two paragraphs");
            }
        }
        fields.add(new Field(name, line.substring(colon + 1).strip(), number));
    }

    private static void addParagraph(List<Paragraph> paragraphs, List<Field> fields, String source) {
        if (!fields.isEmpty()) {
            paragraphs.add(new Paragraph(source, fields));
            fields.clear();
        }
    }

    private static long lineOf(String text, int offset) {
        return text.substring(0, offset).chars().filter(c -> c == '\n').count() + 1;
    }

    /** One paragraph as text, in the map's order; values carry their own continuation lines. */
    public static String format(Map<String, String> fields) {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) -> text.append(name).append(value.startsWith("\n") ? ":" : ": ").append(value).append('\n'));
        return text.toString();
    }
}
