package io.github.debianatomic.maven.deb;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in a deb.
 *
 * @param members the ar members' names
 * @param format the text of member debian-binary, or empty
 * @param control the control member's files
 * @param controlItems the control member's entries in order
 * @param items the data member's entries in order
 * @param kept the beginnings of files by their names, as they were asked for
 */
public record DebContents(
        List<String> members,
        String format,
        Map<String, String> control,
        List<Item> controlItems,
        List<Item> items,
        Map<String, byte[]> kept) {

    /** Copies the collections. */
    public DebContents {
        members = List.copyOf(members);
        control = Collections.unmodifiableMap(new LinkedHashMap<>(control));
        controlItems = List.copyOf(controlItems);
        items = List.copyOf(items);
        kept = Map.copyOf(kept);
    }
}
