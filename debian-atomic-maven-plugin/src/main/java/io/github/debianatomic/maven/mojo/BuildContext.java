package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.build.ReadDebs;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the goals of a project tell each other: Maven keeps the plugin's context for a project as long as the session lasts. */
final class BuildContext {

    private static final String PREFIX = BuildContext.class.getName() + ":";

    private final Map<String, Object> values;

    private BuildContext(Map<String, Object> values) {
        this.values = values;
    }

    /** @param context the plugin's; null in a test harness */
    static BuildContext of(Map<String, Object> context) {
        return new BuildContext(context == null ? new HashMap<>() : context);
    }

    /** The debs that have been read. */
    ReadDebs readDebs() {
        return (ReadDebs) values.computeIfAbsent(PREFIX + "debs", key -> new ReadDebs());
    }

    /** Whether nobody has asked this before. */
    boolean isFirst(String question) {
        return values.put(PREFIX + question, true) == null;
    }

    boolean isReserved(String thing) {
        return values.containsKey(PREFIX + "owner of " + thing);
    }

    /** The owner of a thing, which is the one that asks where it had none. */
    String owner(String thing, String self) {
        return (String) values.computeIfAbsent(PREFIX + "owner of " + thing, key -> self);
    }

    /** Stands for all that a deb was made of; null where that is not known. */
    String digest(Path deb) {
        return (String) values.get(PREFIX + "digest of " + deb.getFileName());
    }

    void keepDigest(Path deb, String digest) {
        values.put(PREFIX + "digest of " + deb.getFileName(), digest);
    }
}
