package io.github.debianatomic.maven.build;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.verify.ReadDeb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The debs of a project as far as its goals have read them: each is checked against the others, and read once. */
public final class ReadDebs {

    private final Map<Path, ReadDeb> debs = new HashMap<>();

    void put(ReadDeb deb) {
        debs.put(deb.file().toAbsolutePath(), deb);
    }

    /** Those of the files, without broken ones: each has its error when it is checked itself. */
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
