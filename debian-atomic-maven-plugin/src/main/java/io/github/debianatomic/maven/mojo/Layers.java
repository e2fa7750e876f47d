package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.deb.Directories;
import io.github.debianatomic.maven.definition.BundledPackages;
import io.github.debianatomic.maven.definition.Layer;
import io.github.debianatomic.maven.definition.PackageBlock;
import io.github.debianatomic.maven.tree.ArchiveTree;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.DiskTree;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.RepositoryUtils;
import org.apache.maven.model.Dependency;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.SelectorUtils;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.ArtifactNotFoundException;

/** What a package is made of, from the bundled folder to the last overlay. Unpacked archives live until it is closed. */
final class Layers implements AutoCloseable {

    private final MavenProject project;
    private final RepositorySystem repositorySystem;
    private final RepositorySystemSession session;
    private final Path unpacked;

    Layers(MavenProject project, RepositorySystem repositorySystem, RepositorySystemSession session, Path unpacked) {
        this.project = project;
        this.repositorySystem = repositorySystem;
        this.session = session;
        this.unpacked = unpacked;
    }

    List<Layer> of(String name, PackageBlock block, Path sources) throws IOException {
        List<Layer> layers = new ArrayList<>();
        if (BundledPackages.NAMES.contains(name)) {
            Layer bundled = BundledPackages.read(name, block.settings().names());
            layers.add(bundled);
            layers.add(block.settings().over(bundled));
        }
        Path folder = sources.resolve(name);
        if (Files.isDirectory(folder)) {
            Layer own = Layer.project(folder, label(folder));
            String named = own.definition().name();
            if (named == null ? layers.isEmpty() : !named.equals(name)) {
                throw new InvalidPackageException(label(folder) + "/control", (named == null ? "names no package" : "names the package '" + named + "'")
                        + "; expected 'Package: " + name + "', the name of its folder");
            }
            layers.add(own);
        }
        int number = 0;
        for (PackageBlock.Overlay overlay : block.overlays()) {
            layers.add(overlay(overlay, number++));
        }
        return layers;
    }

    /** The files and directories that the layers are read from, beside the plugin's own. */
    List<Path> sources(String name, PackageBlock block, Path sources) throws IOException {
        List<Path> found = new ArrayList<>();
        Path folder = sources.resolve(name);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> children = Files.list(folder)) { // each of them may be a link
                children.filter(child -> Files.isDirectory(child) || Files.isRegularFile(child)).sorted().forEach(found::add);
            }
        }
        for (PackageBlock.Overlay overlay : block.overlays()) {
            found.add(overlay.directory() != null ? directory(overlay) : resolve(overlay.artifact()).getFile().toPath());
        }
        return found;
    }

    private String label(Path path) {
        Path base = project.getBasedir().toPath();
        return (path.startsWith(base) ? base.relativize(path) : path).toString().replace('\\', '/');
    }

    private Layer overlay(PackageBlock.Overlay overlay, int number) throws IOException {
        List<Entry> entries;
        String label;
        if (overlay.directory() != null) {
            Path directory = directory(overlay);
            label = label(directory);
            entries = DiskTree.read(directory, label);
        } else {
            Artifact artifact = resolve(overlay.artifact());
            Path file = artifact.getFile().toPath();
            label = artifact.toString();
            boolean archive = ArchiveTree.ENDINGS.stream().anyMatch(file.getFileName().toString()::endsWith);
            if (!archive && overlay.target().equals("/")) {
                throw new InvalidPackageException("<overlay><artifact>", label + " is no archive (" + String.join(", ", ArchiveTree.ENDINGS)
                        + "); say with <target> at which path the file is installed");
            }
            if (!archive) {
                return Layer.overlay(label, List.of(program(target(overlay), Content.of(file))));
            }
            entries = ArchiveTree.read(file, label, unpacked.resolve(Integer.toString(number)));
        }
        List<Entry> selected = select(entries, overlay, label);
        return Layer.overlay(label, overlay.target().equals("/") ? selected : below(selected, target(overlay)));
    }

    private Path directory(PackageBlock.Overlay overlay) {
        Path directory = project.getBasedir().toPath().resolve(overlay.directory());
        if (!Files.isDirectory(directory)) {
            throw new InvalidPackageException("<overlay><directory>", directory + " is not a directory; build it before, or correct the path");
        }
        return directory;
    }

    private static InstallPath target(PackageBlock.Overlay overlay) {
        try {
            return new InstallPath(overlay.target());
        } catch (InvalidPackageException e) {
            throw e.at("<overlay><target>");
        }
    }

    /** A repository keeps no modes: a program is one by what it begins with. */
    private static Entry.File program(InstallPath path, Content content) throws IOException {
        return new Entry.File(path, content.isScript() || content.isElf() ? Mode.EXECUTABLE : Mode.FILE, content);
    }

    private static List<Entry> select(List<Entry> entries, PackageBlock.Overlay overlay, String label) {
        for (String pattern : concat(overlay.includes(), overlay.excludes())) {
            if (entries.stream().noneMatch(entry -> matches(pattern, entry))) {
                throw new InvalidPackageException("<overlay>", "the pattern '" + pattern + "' matches nothing in " + label + "; correct or delete it");
            }
        }
        return entries.stream()
                .filter(entry -> overlay.includes().isEmpty() || overlay.includes().stream().anyMatch(pattern -> matches(pattern, entry)))
                .filter(entry -> overlay.excludes().stream().noneMatch(pattern -> matches(pattern, entry)))
                .toList();
    }

    private static List<String> concat(List<String> a, List<String> b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    private static boolean matches(String pattern, Entry entry) {
        return SelectorUtils.matchPath(pattern, entry.path().value().substring(1), "/", true);
    }

    private static List<Entry> below(List<Entry> entries, InstallPath target) {
        List<Entry> moved = new ArrayList<>();
        for (Entry entry : entries) {
            if (!entry.path().equals(InstallPath.ROOT)) {
                moved.add(entry.at(new InstallPath(target + entry.path().value())));
            }
        }
        return moved;
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

    @Override
    public void close() throws IOException {
        Directories.delete(unpacked);
    }
}
