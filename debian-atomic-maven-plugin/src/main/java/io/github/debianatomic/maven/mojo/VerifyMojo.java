package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.build.WaiverBlocks;
import io.github.debianatomic.maven.verify.Check;
import io.github.debianatomic.maven.verify.Checks;
import io.github.debianatomic.maven.verify.Finding;
import io.github.debianatomic.maven.verify.Verifier;
import io.github.debianatomic.maven.verify.Waivers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.configuration.PlexusConfiguration;

/**
 * Checks debs: those of this build, or any files. No program of Debian's is needed, so that it says the same on every
 * system. The package goals do it of their own accord with what they have built.
 *
 * @since 1.0.0
 */
@Mojo(name = "verify", defaultPhase = LifecyclePhase.VERIFY, requiresProject = false, threadSafe = true)
public final class VerifyMojo extends AbstractMojo {

    /**
     * Checks nothing.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.skip", defaultValue = "false")
    private boolean skip;

    /**
     * The debs to check, file names with commas between them, relative to the directory Maven runs in. They are checked as
     * one build: they may need each other, and must not own the same files. Left out, it is the debs that are attached to
     * the project, so that the goal comes after the package goals; those of the other modules are there to be referred to.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.debs")
    private String debs;

    /**
     * Lists the checks, with the severity of what each finds, and checks nothing.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.checks", defaultValue = "false")
    private boolean checks;

    /**
     * The packages' blocks, as the package goals take them; of each this goal reads the {@code <waivers>}: the name of a
     * {@code <check>}, perhaps the one path, control file or field {@code <where>} it is waived, and the {@code <reason>}.
     *
     * @since 1.0.0
     */
    @Parameter
    private PlexusConfiguration packages;

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    private MavenProject project;

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    private MavenSession session;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
    private MojoExecution execution;

    /**
     * @throws MojoFailureException for what is wrong with the debs or the parameters
     * @throws MojoExecutionException when a file cannot be read
     */
    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        try {
            ParameterCheck parameters = new ParameterCheck(project, execution, session);
            parameters.check();
            if (skip) {
                getLog().info("Skipping the checks");
            } else if (checks) {
                Checks.ALL.forEach(check -> getLog().info(line(check)));
            } else {
                parameters.checkExpressions();
                verify();
            }
        } catch (InvalidPackageException e) {
            throw new MojoFailureException(e.getMessage(), e);
        } catch (IOException e) {
            throw new MojoExecutionException("Cannot check the debs: " + Failures.sentence(e, Map.of()), e);
        }
    }

    private static String line(Check check) {
        return String.format("%-8s %-24s %s", check.severity().name().toLowerCase(Locale.ROOT), check.name(), check.sentence());
    }

    private void verify() throws IOException {
        List<Path> files = debs == null ? attached(List.of(project)) : named();
        List<Path> beside = debs == null ? attached(session.getProjects()) : List.of();
        if (files.isEmpty() && session.getProjects().size() > 1) {
            getLog().info("No debs in this module");
            return;
        }
        if (files.isEmpty()) {
            throw new InvalidPackageException("debs", "there is none to check: the project has none attached so far (and none ever with attach=false). Run the goal after those"
                    + " that build packages (mvn package debian-atomic:verify), or name files: -DdebianAtomic.debs=a.deb,b.deb");
        }
        List<Finding> findings = Verifier.verify(files, beside, waivers());
        Findings.report(findings, getLog());
        getLog().info(files.size() + (files.size() == 1 ? " deb, " : " debs, ") + Checks.ALL.size() + " checks, "
                + (findings.isEmpty() ? "no" : findings.size()) + (findings.size() == 1 ? " finding" : " findings"));
    }

    private Waivers waivers() {
        List<Waivers.Waiver> waivers = new ArrayList<>();
        for (PlexusConfiguration block : packages == null ? new PlexusConfiguration[0] : packages.getChildren()) {
            Expressions.evaluate(block.getChild("waivers"), "<packages><" + block.getName() + "><waivers>", new PluginParameterExpressionEvaluator(session, execution));
            waivers.addAll(WaiverBlocks.of(block.getName(), PackageBlocks.waivers(block)));
        }
        return new Waivers(waivers);
    }

    private List<Path> named() {
        List<Path> files = new ArrayList<>();
        for (String name : debs.split(",")) {
            Path file = Path.of(session.getExecutionRootDirectory()).resolve(name.strip());
            if (name.isBlank() || !Files.isRegularFile(file)) {
                throw new InvalidPackageException("debs", "'" + name.strip() + "' is no file; expected file names with commas between them,"
                        + " relative to " + session.getExecutionRootDirectory());
            }
            files.add(file);
        }
        return files;
    }

    /** The debs that projects have attached so far. */
    private static List<Path> attached(List<MavenProject> projects) {
        return projects.stream().flatMap(one -> AttachedDebs.of(one).stream()).map(artifact -> artifact.getFile().toPath()).toList();
    }
}
