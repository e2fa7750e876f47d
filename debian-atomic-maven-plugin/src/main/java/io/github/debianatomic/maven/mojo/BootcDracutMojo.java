package io.github.debianatomic.maven.mojo;

import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Builds package {@code bootc-dracut}: dracut's configuration for an initramfs that mounts an OSTree deployment.
 *
 * @since 1.0.0
 */
@Mojo(name = "bootc-dracut", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class BootcDracutMojo extends PackageMojo {

    @Override
    protected List<String> packageNames() {
        return List.of("bootc-dracut");
    }
}
