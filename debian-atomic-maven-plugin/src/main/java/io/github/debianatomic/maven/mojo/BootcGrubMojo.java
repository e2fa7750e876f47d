package io.github.debianatomic.maven.mojo;

import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Builds package {@code bootc-grub}: the boot loader that {@code bootc install} asks for, Debian's GRUB.
 *
 * @since 1.0.0
 */
@Mojo(name = "bootc-grub", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class BootcGrubMojo extends PackageMojo {

    @Override
    protected List<String> packageNames() {
        return List.of("bootc-grub");
    }
}
