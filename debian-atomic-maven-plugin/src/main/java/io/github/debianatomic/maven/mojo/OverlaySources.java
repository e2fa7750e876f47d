package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.build.Overlay;
import io.github.debianatomic.maven.definition.PackageBlock;
import io.github.debianatomic.maven.tree.ArchiveTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.maven.RepositoryUtils;
import org.apache.maven.model.Dependency;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.ArtifactNotFoundException;

/** Finds what a block names as overlays: directories of the project, artifacts of its repositories. */
final class OverlaySources {

    private final MavenProject project;
    private final RepositorySystem repositorySystem;
    private final RepositorySystemSession session;

    OverlaySources(MavenProject project, RepositorySystem repositorySystem, RepositorySystemSession session) {
        this.project = project;
        this.repositorySystem = repositorySystem;
        this.session = session;
    }

    /**
     * @throws InvalidPackageException when it is not there
     * @throws IOException when a repository cannot be reached
     */
    Overlay find(PackageBlock.Overlay overlay) throws IOException {
        String label;
        Path source;
        if (overlay.directory() != null) {
            source = project.getBasedir().toPath().resolve(overlay.directory());
            label = label(source);
            if (!Files.isDirectory(source)) {
                throw new InvalidPackageException("<overlay><directory>", source + " is not a directory; build it before, or correct the path");
            }
        } else {
            Artifact artifact = resolve(overlay.artifact());
            source = artifact.getFile().toPath();
            label = artifact.toString();
        }
        return new Overlay(label, source, overlay.directory() != null, overlay.target(), overlay.includes(), overlay.excludes());
    }

    /** A path as messages name it. */
    String label(Path path) {
        Path base = project.getBasedir().toPath();
        return (path.startsWith(base) ? base.relativize(path) : path).toString().replace('\\', '/');
    }

    private Artifact resolve(String coordinates) throws IOException {
        Artifact artifact = artifact(coordinates);
        try {
            return repositorySystem
                    .resolveArtifact(session, new ArtifactRequest(artifact, project.getRemoteProjectRepositories(), null))
                    .getArtifact();
        } catch (ArtifactResolutionException e) {
            boolean absent = e.getResults().stream().flatMap(result -> result.getExceptions().stream()).allMatch(ArtifactNotFoundException.class::isInstance);
            if (!absent) { // a repository that cannot be reached may have it
                throw new IOException("cannot fetch the overlay " + artifact + ": " + e.getMessage(), e);
            }
            String[] parts = coordinates.split(":");
            String read = parts.length == 3 && parts[2].equals(artifact.getVersion()) ? " ('" + coordinates + "' read as group:artifact:version)" : "";
            throw new InvalidPackageException("<overlay><artifact>", artifact + read + (session.isOffline()
                    ? " is not in the local repository, and Maven is offline; run it once without -o"
                    : " is in no repository of the project; correct the coordinates, or publish it"));
        }
    }

    private Artifact artifact(String coordinates) {
        String[] parts = coordinates.split(":");
        Dependency declared = declared(parts);
        if (declared != null) {
            return RepositoryUtils.toArtifact(new org.apache.maven.artifact.DefaultArtifact(declared.getGroupId(), declared.getArtifactId(),
                    declared.getVersion(), null, declared.getType(), declared.getClassifier(),
                    new org.apache.maven.artifact.handler.DefaultArtifactHandler(declared.getType())));
        }
        if (parts.length == 2 || parts.length == 3 && ArchiveTree.ENDINGS.contains("." + parts[2])) {
            throw new InvalidPackageException("<overlay><artifact>", "'" + coordinates
                    + "' has no version; add one, or make it a dependency of the project");
        }
        try {
            return new DefaultArtifact(coordinates);
        } catch (IllegalArgumentException e) {
            throw new InvalidPackageException("<overlay><artifact>",
                    "'" + coordinates + "' are no coordinates; expected group:artifact[:type[:classifier]][:version]");
        }
    }

    /** The project's dependency of these coordinates, which gives the version they lack and orders the reactor; null when there is none. */
    private Dependency declared(String[] parts) {
        if (parts.length < 2 || parts.length > 4) {
            return null;
        }
        for (Dependency dependency : project.getDependencies()) {
            boolean same = dependency.getGroupId().equals(parts[0]) && dependency.getArtifactId().equals(parts[1]);
            boolean type = parts.length < 3 || dependency.getType().equals(parts[2]);
            boolean sameClassifier = parts.length < 4 || parts[3].equals(dependency.getClassifier());
            if (same && type && sameClassifier) {
                return dependency;
            }
        }
        return null;
    }
}
