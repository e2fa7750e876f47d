package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Which execution attaches which classifier. {@code mvn package install} runs each goal twice in one session: the same
 * execution again replaces its own deb, two different ones with one classifier are an error, which Maven 3.6.3 would
 * not report.
 */
final class AttachedDebs {

    private static final String TYPE = "deb";

    private final MavenProject project;
    private final MavenProjectHelper helper;
    private final MojoExecution execution;
    private final BuildContext context;

    AttachedDebs(MavenProject project, MavenProjectHelper helper, MojoExecution execution, BuildContext context) {
        this.project = project;
        this.helper = helper;
        this.execution = execution;
        this.context = context;
    }

    /** The debs that a project has attached so far. */
    static List<Artifact> of(MavenProject project) {
        return new ArrayList<>(project.getAttachedArtifacts()).stream() // under -T others add to theirs meanwhile
                .filter(artifact -> TYPE.equals(artifact.getType()) && artifact.getFile() != null)
                .toList();
    }

    /**
     * @param classifier the one wanted
     * @param packageName the package it is for
     * @throws InvalidPackageException when the classifier is another's
     */
    void reserve(String classifier, String packageName) {
        String self = self(packageName);
        boolean reserved = context.isReserved(classifier);
        String owner = context.owner(classifier, self);
        if (reserved ? !owner.equals(self) : find(classifier) != null) {
            throw new InvalidPackageException("classifier", "'" + classifier + "' is attached twice, by "
                    + (reserved ? owner : "another plugin") + " and by " + self + "; give one of them another <classifier>");
        }
    }

    /**
     * @param file the deb that is written, or is there from before
     * @param packageName the package it is of
     * @throws InvalidPackageException when another execution of this build has written it, which would publish one deb twice
     */
    void reserveFile(Path file, String packageName) {
        String self = self(packageName);
        String owner = context.owner(file.toAbsolutePath().toString(), self);
        if (!owner.equals(self)) {
            throw new InvalidPackageException("outputDirectory", file.getFileName() + " is built twice there, by " + owner + " and by " + self
                    + "; give one of them another <outputDirectory>, <version> or <revision>");
        }
    }

    private String self(String packageName) {
        return "package " + packageName + " of goal " + execution.getGoal() + " (execution " + execution.getExecutionId() + ")";
    }

    void attach(String classifier, Path file) {
        Artifact earlier = find(classifier);
        if (earlier != null) {
            earlier.setFile(file.toFile());
        } else {
            helper.attachArtifact(project, TYPE, classifier, file.toFile());
        }
    }

    private Artifact find(String classifier) {
        return project.getAttachedArtifacts().stream()
                .filter(artifact -> TYPE.equals(artifact.getType()) && classifier.equals(artifact.getClassifier()))
                .findFirst()
                .orElse(null);
    }
}
