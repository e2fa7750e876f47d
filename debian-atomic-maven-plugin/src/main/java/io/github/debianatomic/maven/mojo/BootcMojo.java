package io.github.debianatomic.maven.mojo;

import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Builds package {@code bootc}: the units, helpers and generator around bootc's binary.
 *
 * @since 1.0.0
 */
@Mojo(name = "bootc", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class BootcMojo extends PackageMojo {

    @Override
    protected List<String> packageNames() {
        return List.of("bootc");
    }
}
