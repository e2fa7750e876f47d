package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.build.BuildRequest;
import io.github.debianatomic.maven.build.Overlay;
import io.github.debianatomic.maven.build.SourceFolders;
import io.github.debianatomic.maven.deb.BuildTime;
import io.github.debianatomic.maven.deb.DebianVersion;
import io.github.debianatomic.maven.deb.Maintainer;
import io.github.debianatomic.maven.definition.BundledPackages;
import io.github.debianatomic.maven.definition.PackageBlock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.plugins.annotations.Component;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;

/** The parameters that decide what a package holds, made into one request for each package. */
public abstract class AssemblyMojo extends AbstractMojo {

    private static final String TIMESTAMP_PROPERTY = "project.build.outputTimestamp";

    /**
     * Builds and attaches nothing. A single package is skipped in its block of {@link #packages}.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.skip", defaultValue = "false")
    private boolean skip;

    /**
     * The packages' Maintainer, in the form {@code Name <mail@example.org>} (Debian Policy 5.6.2). Left out, it is the
     * first developer of the POM who has a name and an email; without one the build fails, because nobody else can say
     * who answers for the package.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.maintainer")
    private String maintainer;

    /**
     * The packages' upstream version in Debian's own syntax (deb-version(7)), an epoch allowed, a revision not: that is
     * {@link #revision}. Left out, the project's version is translated so that dpkg orders it as Maven does:
     * {@code 1.2.3} stays, {@code 1.2.3-rc1} becomes {@code 1.2.3~rc1}, {@code 1.2.3-SNAPSHOT} becomes
     * {@code 1.2.3~snapshot20261123021500} with the time of {@link #snapshotTimestamp}.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.version")
    private String version;

    /**
     * The Debian revision, such as {@code 1} or {@code 1~deb13u1}, put behind the version and a hyphen. Left out, the
     * package is native and has none (Debian Policy 5.6.12).
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.revision")
    private String revision;

    /**
     * The time of every file in the packages, of their changelogs and of a snapshot's version: ISO 8601 with an offset, or
     * seconds since 1970. The default is the property all of Maven's reproducible builds use. Not set (or with what
     * Maven 4 puts there of its own accord), files carry 2000-01-01, snapshots no time, and a warning shows the command.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.outputTimestamp", defaultValue = "${project.build.outputTimestamp}")
    private String outputTimestamp;

    /**
     * The time a snapshot's version ends in, in the form of {@link #outputTimestamp}, which is its default. For a project
     * whose POM fixes that one: apt would take all of its snapshots for the same version.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.snapshotTimestamp")
    private String snapshotTimestamp;

    /**
     * The directory below which each package is laid out in a folder of its own, for looking at and for
     * {@code dpkg-deb --root-owner-group --build}. The default is cleaned with the rest of the build.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.stagingDirectory", defaultValue = "${project.build.directory}/debian-atomic")
    private File stagingDirectory;

    /**
     * What concerns one package, in a block named like it, which the other goals of the execution ignore:
     *
     * <pre>{@code
     * <packages>
     *   <bootc>
     *     <enabledUnits><unit>bootc-fetch-apply-updates.timer</unit></enabledUnits>
     *     <overlays>
     *       <overlay><directory>target/bootc-destdir</directory></overlay>
     *     </overlays>
     *   </bootc>
     *   <apt-ostree>
     *     <optUsrlocal>var</optUsrlocal>
     *   </apt-ostree>
     * </packages>
     * }</pre>
     *
     * <p>A block may hold
     *
     * <ul>
     *   <li>{@code skip}: true builds nothing;
     *   <li>{@code enabledUnits}, {@code disabledUnits}: names of units; maintainer scripts and preset change together;
     *   <li>{@code depends}, {@code recommends}: relations to add, one an element, deb-control(5);
     *   <li>{@code shlibdeps}: true adds what dpkg-shlibdeps(1) says that the binaries depend on, as a package built from
     *       source has it. It reads the libraries of the machine, which the log names, so build on the release the package
     *       is for; otherwise {@code depends} says it, and a missing one is an error;
     *   <li>{@code fields}: control fields to replace, an element each;
     *   <li>{@code overlays}: trees laid over the package, the later over the earlier: a {@code directory}, or an
     *       {@code artifact} ({@code group:artifact[:type[:classifier]][:version]}, an archive or, with its path as
     *       {@code target}, a file), with {@code includes} and {@code excludes} (Ant patterns);
     *   <li>{@code excludes}: globs of paths to leave out;
     *   <li>for bootc, {@code updateSchedule} with {@code onBoot}, {@code interval} and {@code spread} (systemd.time(7));
     *   <li>for bootc-baseimage, {@code composefs} and {@code release}: {@code no}, {@code maybe} or {@code yes}, and the release
     *       that the image is built from: {@code trixie}, the default, {@code forky} or {@code sid};
     *   <li>for bootc-baseimage, {@code rootFsType}: {@code ext4}, the default, {@code xfs} or {@code btrfs};
     *   <li>for bootc-baseimage, {@code kernelArguments}: arguments for every machine of the image, one an element;
     *   <li>for apt-ostree, {@code optUsrlocal}: {@code compat}, the default, keeps {@code /opt} and {@code /usr/local} in the
     *       image, {@code var} keeps them on the machine;
     *   <li>for apt-ostree, {@code busName}: the daemon's name on the system bus (default {@code org.debian.aptostree1}), which
     *       names the bus files as well and begins the names of the daemon's interfaces and polkit actions;
     *   <li>for apt-ostree, {@code program}: the path of the program below {@code /usr} (default {@code /usr/bin/apt-ostree});
     *   <li>{@code choices}: values of the choices that the package's own control file offers, an element each;
     *   <li>{@code waivers}: findings that are accepted, each a {@code waiver} with a {@code check}, a {@code reason} and, for
     *       one place only, its {@code where}.
     * </ul>
     *
     * <p>Properties that a plugin sets during the build are known here as well; one that nothing has set is an error.
     *
     * @since 1.0.0
     */
    @Parameter
    private PlexusConfiguration packages;

    /**
     * The directory whose folder {@code PACKAGE/} lies over the package of that name: {@code root/} mirrors {@code /},
     * {@code control} adds paragraphs and overrides fields, {@code changelog} replaces the generated one. The default is where
     * Maven keeps sources.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.sourceDirectory", defaultValue = "${project.basedir}/src/main/debian-atomic")
    private File sourceDirectory;

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    private MavenProject project;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
    private MojoExecution execution;

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    private MavenSession session;

    @Component
    private RepositorySystem repositorySystem;

    @Parameter(defaultValue = "${repositorySystemSession}", readonly = true, required = true)
    private RepositorySystemSession repositorySession;

    /** The names of the packages that the goal is about. */
    protected abstract List<String> packageNames() throws IOException;

    /** Does what the goal is for. */
    protected abstract void process(BuildRequest request) throws IOException;

    /** Called after the last package. */
    protected void end() throws IOException {}

    /** The name of a package's staging tree. */
    protected String stagingName(String packageName) {
        return packageName;
    }

    /** The directories that the goal writes to, by the parameter that sets them. */
    protected Map<String, Path> places() {
        Map<String, Path> places = new LinkedHashMap<>();
        places.put("<stagingDirectory>", stagingDirectory.toPath());
        return places;
    }

    /**
     * @throws MojoFailureException for what the user can mend: a parameter, a description
     * @throws MojoExecutionException if the build host fails: disk full, permission denied
     */
    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        String current = "";
        try {
            ParameterCheck parameters = new ParameterCheck(project, execution, session);
            parameters.check();
            if (!skip) {
                parameters.checkExpressions();
                warnOfFolders();
            }
            List<String> known = allPackages();
            for (String name : packageNames()) {
                current = " " + name;
                PackageBlock block = skip ? null : PackageBlocks.of(packages, name, known, new PluginParameterExpressionEvaluator(session, execution));
                if (block == null || block.skip()) {
                    getLog().info("Skipping package " + name);
                } else {
                    process(request(name, block));
                }
            }
            end();
        } catch (InvalidPackageException e) {
            throw new MojoFailureException(e.getMessage(), e);
        } catch (IOException e) {
            throw new MojoExecutionException("Cannot build package" + current + ": " + Failures.sentence(e, places()), e);
        }
    }

    /** The folders of the project that are packages of its own. */
    protected final List<String> ownPackages() throws IOException {
        return SourceFolders.names(sourceDirectory.toPath()).stream().filter(name -> !BundledPackages.NAMES.contains(name)).toList();
    }

    /** The bundled packages and the project's own. */
    protected final List<String> allPackages() throws IOException {
        return Stream.concat(BundledPackages.NAMES.stream(), ownPackages().stream()).sorted().toList();
    }

    /** What Maven keeps for the project as long as the session lasts. */
    @SuppressWarnings("unchecked")
    protected final BuildContext context() {
        return BuildContext.of(getPluginContext());
    }

    final MavenProject project() {
        return project;
    }

    final MojoExecution execution() {
        return execution;
    }

    final MavenSession session() {
        return session;
    }

    final Path staging() {
        return stagingDirectory.toPath();
    }

    // ---- the request

    final BuildRequest request(String name, PackageBlock block) throws IOException {
        if (!BuildTime.isSet(outputTimestamp)) {
            warnOnce();
        }
        BuildTime time = BuildTime.parse(outputTimestamp, "outputTimestamp (" + TIMESTAMP_PROPERTY + ")");
        BuildTime snapshot = snapshotTimestamp == null ? time : BuildTime.parse(snapshotTimestamp, "snapshotTimestamp");
        OverlaySources sources = new OverlaySources(project, repositorySystem, repositorySession);
        List<Overlay> overlays = new ArrayList<>();
        for (PackageBlock.Overlay overlay : block.overlays()) {
            overlays.add(sources.find(overlay));
        }
        Path folder = sourceDirectory.toPath().resolve(name);
        return new BuildRequest(name, block, folder, sources.label(folder), overlays, version(snapshot), maintainer(), time,
                "Built by Maven from " + project.getGroupId() + ":" + project.getArtifactId() + ":" + project.getVersion() + ".",
                staging().resolve(stagingName(name)));
    }

    private DebianVersion version(BuildTime snapshot) {
        String debianRevision = revision == null ? "" : revision;
        return version == null ? DebianVersion.ofMaven(project.getVersion(), snapshot, debianRevision) : new DebianVersion(version, debianRevision);
    }

    private Maintainer maintainer() {
        if (maintainer != null) {
            return new Maintainer(maintainer);
        }
        return project.getDevelopers().stream()
                .filter(developer -> developer.getName() != null && developer.getEmail() != null)
                .findFirst()
                .map(developer -> new Maintainer(developer.getName() + " <" + developer.getEmail() + ">"))
                .orElseThrow(() -> new InvalidPackageException("maintainer",
                        "the package has none: the POM lists no developer with <name> and <email>; add one, or set <maintainer>"
                                + " (-DdebianAtomic.maintainer) to 'Name <mail@example.org>'"));
    }

    // ---- warnings

    /** Nothing else shows a folder that was named wrongly, or whose goal was forgotten. */
    private void warnOfFolders() throws IOException {
        Plugin plugin = project.getPlugin(execution.getPlugin().getKey());
        if (plugin == null || execution.getSource() != MojoExecution.Source.LIFECYCLE || !context().isFirst("folders of " + sourceDirectory)) {
            return;
        }
        List<String> goals = plugin.getExecutions().stream().flatMap(one -> one.getGoals().stream()).toList();
        for (String folder : SourceFolders.names(sourceDirectory.toPath())) {
            String goal = BundledPackages.NAMES.contains(folder) ? folder : "package";
            if (!goals.contains(goal)) {
                getLog().warn(new File(sourceDirectory, folder) + " is built by no goal of the POM: add <goal>" + goal + "</goal>, or correct the folder's name");
            }
        }
    }

    private void warnOnce() {
        // once for the whole build, not for each of its modules
        if (session.getRequest() == null || session.getRequest().getData().put(PackageMojo.class.getName(), "warned") == null) {
            getLog().warn(TIMESTAMP_PROPERTY + " is not set: files in the debs are dated 2000-01-01 and all snapshots have one version."
                    + " In CI: mvn -D" + TIMESTAMP_PROPERTY + "=$(git log -1 --format=%cI) deploy");
        }
    }
}
