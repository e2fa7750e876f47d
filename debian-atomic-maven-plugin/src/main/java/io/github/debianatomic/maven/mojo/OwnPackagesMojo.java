package io.github.debianatomic.maven.mojo;

import java.io.IOException;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Builds the packages that the project describes itself: each folder of {@code src/main/debian-atomic} that is not named
 * like a bundled package, with a {@code control} whose field Package is the folder's name.
 *
 * @since 1.0.0
 */
@Mojo(name = "package", defaultPhase = LifecyclePhase.PACKAGE, threadSafe = true)
public final class OwnPackagesMojo extends PackageMojo {

    @Override
    protected List<String> packageNames() throws IOException {
        return ownPackages();
    }
}
