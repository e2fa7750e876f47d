package io.github.debianatomic.maven.mojo;

import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Builds package {@code bootc-baseimage}: what an image needs to be an OSTree deployment, with the command that finishes it.
 *
 * @since 1.0.0
 */
@Mojo(name = "bootc-baseimage", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class BootcBaseimageMojo extends PackageMojo {

    @Override
    protected List<String> packageNames() {
        return List.of("bootc-baseimage");
    }
}
