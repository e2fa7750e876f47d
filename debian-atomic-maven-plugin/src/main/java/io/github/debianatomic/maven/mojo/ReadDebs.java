package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.verify.ReadDeb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The debs of a project as far as its goals have read them: each is checked against the others, and read once. */
final class ReadDebs {

    private final Map<Path, ReadDeb> debs;

    private ReadDebs(Map<Path, ReadDeb> debs) {
        this.debs = debs;
    }

    /** @param context the plugin's, kept by Maven for this project as long as the session lasts; null in a test harness */
    @SuppressWarnings({"rawtypes", "unchecked"})
    static ReadDebs of(Map context) {
        return new ReadDebs(context == null
                ? new HashMap<>()
                : (Map<Path, ReadDeb>) context.computeIfAbsent(ReadDebs.class.getName(), key -> new HashMap<Path, ReadDeb>()));
    }

    void put(ReadDeb deb) {
        debs.put(deb.file().toAbsolutePath(), deb);
    }

    /** Those of the files; one that is broken is passed over, because it is complained of when it is its turn. */
    List<ReadDeb> get(List<Path> files) throws IOException {
        List<ReadDeb> found = new ArrayList<>();
        for (Path file : files) {
            try {
                Path key = file.toAbsolutePath();
                if (!debs.containsKey(key)) {
                    debs.put(key, ReadDeb.read(file));
                }
                found.add(debs.get(key));
            } catch (InvalidPackageException e) {
                // said when it is its turn
            }
        }
        return found;
    }
}
