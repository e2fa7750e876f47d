package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.verify.Check.Severity;
import io.github.debianatomic.maven.verify.Checks;
import io.github.debianatomic.maven.verify.Finding;
import java.util.List;
import org.apache.maven.plugin.logging.Log;

/** What a goal does with findings: it says all of them, and fails when one is an error. */
final class Findings {

    private Findings() {}

    /** @throws InvalidPackageException when a finding is an error */
    static void report(List<Finding> findings, Log log) {
        for (Finding finding : findings) {
            if (finding.severity() == Severity.ERROR) {
                log.error(finding.toString());
            } else {
                log.warn(finding.toString());
            }
        }
        List<Finding> errors = findings.stream().filter(finding -> finding.severity() == Severity.ERROR).toList();
        if (!errors.isEmpty()) {
            throw new InvalidPackageException((errors.size() == 1 ? "1 error: " : errors.size() + " errors, the first: ") + errors.get(0)
                    + ". Mend it" + (Checks.NAMES.contains(errors.get(0).check()) ? ", or accept it by a <waiver> with a reason in the package's block" : ""));
        }
    }
}
