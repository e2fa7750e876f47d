package io.github.debianatomic.maven.build;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.NearestName;
import io.github.debianatomic.maven.definition.PackageBlock;
import io.github.debianatomic.maven.verify.Checks;
import io.github.debianatomic.maven.verify.Waivers.Waiver;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code <waivers>} of a package's block:
 *
 * <pre>{@code
 * <acme-agent>
 *   <waivers>
 *     <waiver>
 *       <check>unit-condition</check>
 *       <where>/usr/lib/systemd/system/acme-agent.service</where>
 *       <reason>Runs on every machine.</reason>
 *     </waiver>
 *   </waivers>
 * </acme-agent>
 * }</pre>
 */
public final class WaiverBlocks {

    private WaiverBlocks() {}

    /**
     * @param name the package
     * @param written in its block
     * @throws InvalidPackageException when one names no check or gives no reason
     */
    public static List<Waiver> of(String name, List<PackageBlock.Waiver> written) {
        List<Waiver> waivers = new ArrayList<>();
        for (PackageBlock.Waiver waiver : written) {
            if (!Checks.NAMES.contains(waiver.check())) {
                throw new InvalidPackageException("<packages><" + name + "><waivers>",
                        "there is no check '" + waiver.check() + "'" + NearestName.of(waiver.check(), Checks.NAMES));
            }
            waivers.add(new Waiver(name, waiver.check(), waiver.where(), waiver.reason()));
        }
        return waivers;
    }
}
