package io.github.debianatomic.maven.mojo;

import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Builds package {@code apt-ostree}: the units, D-Bus, polkit, tmpfiles.d and kernel-install files around apt-ostree's binary.
 *
 * @since 1.0.0
 */
@Mojo(name = "apt-ostree", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class AptOstreeMojo extends PackageMojo {

    @Override
    protected List<String> packageNames() {
        return List.of("apt-ostree");
    }
}
