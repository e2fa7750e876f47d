package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.verify.Check.Severity;
import io.github.debianatomic.maven.verify.Waivers.Waiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs all checks. It needs no program of Debian's, so that it says the same on every system. */
public final class Verifier {

    /** The finding about a file that is no deb, or not a whole one. Nothing else is said of it, and nothing waives it. */
    public static final String READABLE = "readable";

    /** The finding about a waiver that nothing needs any more. */
    public static final String UNUSED_WAIVER = "unused-waiver";

    private Verifier() {}

    /**
     * @param debs of one build: they may need each other, and must not own the same files
     * @param waivers what is accepted; those for other packages are passed over
     * @return what is wrong, deb by deb
     * @throws IOException when a file is not there or cannot be read
     */
    public static List<Finding> verify(List<Path> debs, Waivers waivers) throws IOException {
        return verify(debs, List.of(), waivers);
    }

    /**
     * @param debs those to check
     * @param beside debs of the same build that are there to be referred to; a broken one among them is passed over
     * @param waivers what is accepted; those for other packages are passed over
     * @return what is wrong with debs, one by one
     * @throws IOException when a file is not there or cannot be read
     */
    public static List<Finding> verify(List<Path> debs, List<Path> beside, Waivers waivers) throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<ReadDeb> checked = new ArrayList<>();
        for (Path file : debs) {
            try {
                checked.add(ReadDeb.read(file));
            } catch (InvalidPackageException e) {
                findings.add(unreadable(file, e));
            }
        }
        List<ReadDeb> all = new ArrayList<>(checked);
        for (Path file : beside) {
            if (!debs.contains(file)) {
                try {
                    all.add(ReadDeb.read(file));
                } catch (InvalidPackageException e) {
                    // said when it is its turn
                }
            }
        }
        for (ReadDeb deb : checked) {
            findings.addAll(verify(deb, all, waivers));
        }
        return findings;
    }

    /**
     * @param deb the one to check, read already
     * @param build the debs of the same build, it may be among them
     * @param waivers what is accepted; those for other packages are passed over
     * @return what is wrong with it
     */
    public static List<Finding> verify(ReadDeb deb, List<ReadDeb> build, Waivers waivers) {
        List<Finding> findings = new ArrayList<>();
        check(deb, build.stream().filter(other -> !other.file().equals(deb.file())).toList(), waivers, findings);
        return findings;
    }

    private static Finding unreadable(Path file, InvalidPackageException e) {
        return new Finding(READABLE, Severity.ERROR, file.getFileName().toString(), "archive", e.where().equals(file.toString()) ? e.finding() : e.getMessage());
    }

    private static void check(ReadDeb deb, List<ReadDeb> others, Waivers waivers, List<Finding> findings) {
        Set<Waiver> used = new HashSet<>();
        for (Check check : Checks.ALL) {
            check.rule().find(deb, others).distinct().map(flaw -> check.finding(deb, flaw)).forEach(finding ->
                    waivers.of(finding).ifPresentOrElse(used::add, () -> findings.add(finding)));
        }
        for (Waiver waiver : waivers.all()) {
            if (waiver.packageName().equals(deb.name()) && !used.contains(waiver)) {
                findings.add(new Finding(UNUSED_WAIVER, Severity.ERROR, deb.name(),
                        waiver.where().isEmpty() ? "waiver" : waiver.where(),
                        "a waiver of check " + waiver.check() + " matches no finding; " + findings.stream()
                                .filter(finding -> finding.check().equals(waiver.check()))
                                .map(finding -> "correct its <where>, perhaps to " + finding.where()).findFirst().orElse("delete it")));
            }
        }
    }
}
