package io.github.debianatomic.maven.build;

import io.github.debianatomic.maven.deb.BuildTime;
import io.github.debianatomic.maven.deb.DebianVersion;
import io.github.debianatomic.maven.deb.Maintainer;
import io.github.debianatomic.maven.definition.PackageBlock;
import io.github.debianatomic.maven.definition.PackageOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a project asks of one package. Its text is recorded as the input of a deb, so each component has the same text in
 * every JVM.
 *
 * @param name the package
 * @param block what the POM sets for it
 * @param folder the project's folder of it, which need not be there
 * @param label the folder's name in messages
 * @param overlays the trees of the block, in order
 * @param version the version it gets
 * @param maintainer the field Maintainer
 * @param time the time of every entry
 * @param change one sentence for the changelog on where the build comes from
 * @param work the staging tree; archives are unpacked, and dpkg-shlibdeps works, beside it
 */
public record BuildRequest(
        String name,
        PackageBlock block,
        Path folder,
        String label,
        List<Overlay> overlays,
        DebianVersion version,
        Maintainer maintainer,
        BuildTime time,
        String change,
        Path work) {

    /** Copies the list. */
    public BuildRequest {
        overlays = List.copyOf(overlays);
    }

    PackageOptions options() {
        return new PackageOptions(version, maintainer.value(), time, change, block.enabledUnits(), block.disabledUnits(), block.choices(),
                Map.of("Depends", block.depends(), "Recommends", block.recommends()), block.fields(), block.excludes(),
                block.shlibdeps() ? work.resolveSibling(work.getFileName() + ".shlibdeps") : null);
    }
}
