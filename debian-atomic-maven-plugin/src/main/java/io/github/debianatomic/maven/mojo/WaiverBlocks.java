package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.verify.Checks;
import io.github.debianatomic.maven.verify.Waivers;
import io.github.debianatomic.maven.verify.Waivers.Waiver;
import java.util.ArrayList;
import java.util.List;
import org.codehaus.plexus.configuration.PlexusConfiguration;

/**
 * The {@code <waivers>} of a package's block, read by hand like the rest of it:
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
final class WaiverBlocks {

    private static final List<String> FIELDS = List.of("check", "where", "reason");

    private WaiverBlocks() {}

    /**
     * @param packages the element {@code <packages>}, or null
     * @return the waivers of all blocks
     * @throws InvalidPackageException when one is not understood
     */
    static Waivers of(PlexusConfiguration packages) {
        List<Waiver> waivers = new ArrayList<>();
        if (packages != null) {
            for (PlexusConfiguration block : packages.getChildren()) {
                for (PlexusConfiguration waiver : block.getChild("waivers").getChildren()) {
                    waivers.add(read(block.getName(), waiver));
                }
            }
        }
        return new Waivers(waivers);
    }

    private static Waiver read(String name, PlexusConfiguration waiver) {
        String place = "<packages><" + name + "><waivers>";
        for (PlexusConfiguration field : waiver.getChildren()) {
            if (!FIELDS.contains(field.getName())) {
                throw new InvalidPackageException(place, "there is no field '" + field.getName() + "'" + NearestName.of(field.getName(), FIELDS));
            }
        }
        String check = waiver.getChild("check").getValue("").strip();
        if (!Checks.NAMES.contains(check)) {
            throw new InvalidPackageException(place, "there is no check '" + check + "'" + NearestName.of(check, Checks.NAMES));
        }
        return new Waiver(name, check, waiver.getChild("where").getValue("").strip(), waiver.getChild("reason").getValue("").strip());
    }
}
