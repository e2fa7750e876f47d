package io.github.debianatomic.maven.deb822;

import java.util.List;

/**
 * The fields between two empty lines.
 *
 * @param source the file, as messages name it
 * @param fields at least one, each name once
 */
public record Paragraph(String source, List<Field> fields) {

    /** Copies the list. */
    public Paragraph {
        fields = List.copyOf(fields);
    }

    /** The field's value, or null. */
    public String get(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** The place of a field for a message, {@code file:line}; of the paragraph itself when it has no such field. */
    public String where(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return source + ":" + field.line();
            }
        }
        return source + ":" + fields.get(0).line();
    }
}
