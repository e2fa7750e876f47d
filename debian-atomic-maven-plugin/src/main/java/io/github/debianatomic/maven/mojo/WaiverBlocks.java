package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.verify.Checks;
import io.github.debianatomic.maven.verify.Waivers;
import io.github.debianatomic.maven.verify.Waivers.Waiver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
     * @param blocks of packages, their expressions evaluated
     * @return the waivers of all of them
     * @throws InvalidPackageException when one is not understood
     */
    static Waivers of(List<PlexusConfiguration> blocks) {
        List<Waiver> waivers = new ArrayList<>();
        for (PlexusConfiguration block : blocks) {
            PlexusConfiguration written = block.getChild("waivers", false); // without false it is made, and the block another
            for (PlexusConfiguration waiver : written == null ? new PlexusConfiguration[0] : written.getChildren()) {
                waivers.add(read(block.getName(), waiver));
            }
        }
        return new Waivers(waivers);
    }

    private static Waiver read(String name, PlexusConfiguration waiver) {
        String place = "<packages><" + name + "><waivers>";
        Map<String, String> values = new HashMap<>();
        for (PlexusConfiguration field : waiver.getChildren()) {
            if (!FIELDS.contains(field.getName())) {
                throw new InvalidPackageException(place, "there is no field '" + field.getName() + "'" + NearestName.of(field.getName(), FIELDS));
            }
            values.put(field.getName(), field.getValue("").strip());
        }
        String check = values.getOrDefault("check", "");
        if (!Checks.NAMES.contains(check)) {
            throw new InvalidPackageException(place, "there is no check '" + check + "'" + NearestName.of(check, Checks.NAMES));
        }
        return new Waiver(name, check, values.getOrDefault("where", ""), values.getOrDefault("reason", ""));
    }
}
