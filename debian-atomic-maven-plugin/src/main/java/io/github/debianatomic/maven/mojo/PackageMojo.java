package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.compress.Compressor;
import io.github.debianatomic.maven.compress.Compressor.Engine;
import io.github.debianatomic.maven.deb.BuildTime;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.deb.DebWriter;
import io.github.debianatomic.maven.deb.DebianVersion;
import io.github.debianatomic.maven.deb.Directories;
import io.github.debianatomic.maven.deb.StagingTree;
import io.github.debianatomic.maven.definition.Assembly;
import io.github.debianatomic.maven.definition.BundledPackages;
import io.github.debianatomic.maven.definition.PackageAssembler;
import io.github.debianatomic.maven.definition.PackageBlock;
import io.github.debianatomic.maven.definition.PackageOptions;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.verify.Finding;
import io.github.debianatomic.maven.verify.ReadDeb;
import io.github.debianatomic.maven.verify.Verifier;
import io.github.debianatomic.maven.verify.Waivers;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Developer;
import org.apache.maven.model.Plugin;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.plugins.annotations.Component;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.MavenProjectHelper;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;

/** The parameters of every package goal, one call, and the attaching. What a package holds is decided elsewhere. */
public abstract class PackageMojo extends AbstractMojo {

    private static final String TIMESTAMP_PROPERTY = "project.build.outputTimestamp";

    /** What a deb was made of, in the plugin's context. */
    private static final String DIGEST = InputRecord.class.getName() + ":";

    /** It becomes part of file names. */
    private static final Pattern CLASSIFIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]*");

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
     * The directory the debs are written to. The default is where Maven puts what it builds.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.outputDirectory", defaultValue = "${project.build.directory}")
    private File outputDirectory;

    /**
     * The directory below which each package is laid out in a folder of its own, for looking at and for
     * {@code dpkg-deb --root-owner-group --build}. The default is cleaned with the rest of the build.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.stagingDirectory", defaultValue = "${project.build.directory}/debian-atomic")
    private File stagingDirectory;

    /**
     * How the debs are compressed: {@code xz}, {@code gzip}, {@code zstd} or {@code none}. The default is the smallest and
     * what every dpkg and lintian reads; zstd needs dpkg 1.21.18 or later.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.compression", defaultValue = "xz")
    private String compression;

    /**
     * The level of the {@link #compression}: 0 to 9 of xz, 1 to 9 of gzip, 1 to 22 of zstd. Left out, it is dpkg-deb's own
     * for xz (6) and zstd (19), and 5 for gzip, whose 9 takes twice as long for 1.4 % of the size. The
     * memory needed grows with it: xz takes some 100 MB for each processor at 6, and 700 MB at 9.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.compressionLevel")
    private Integer compressionLevel;

    /**
     * Who compresses xz: {@code java}, the default, gives the same bytes on every machine; {@code native} is the machine's
     * liblzma, which takes three quarters of the time and gives the bytes of its version. Where liblzma is missing, native is an
     * error, never java instead.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.xz", defaultValue = "java")
    private String xz;

    /**
     * Builds every deb, also one whose inputs have not changed. The default is to leave that one as it is; what decides is
     * written beside the staging tree and names every input: files, parameters, the plugin. Files are known by their content;
     * those of a package that reads more than 32 MiB, by name, size and time.
     * The deb itself is read only when its size or times have changed. A block with {@code shlibdeps} is always built.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.force", defaultValue = "false")
    private boolean force;

    /**
     * Whether the debs become artifacts of the project, which {@code install} and {@code deploy} take along. The default is
     * yes, because that is how they are published.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.attach", defaultValue = "true")
    private boolean attach;

    /**
     * The classifier of the attached deb, whose type is {@code deb}. The default is the package's name, so that one project
     * can have several; set it in an execution that builds the same package a second time, for another architecture.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.classifier")
    private String classifier;

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
    private MavenProjectHelper projectHelper;

    @Component
    private RepositorySystem repositorySystem;

    @Parameter(defaultValue = "${repositorySystemSession}", readonly = true, required = true)
    private RepositorySystemSession repositorySession;

    /** The names of the packages that the goal builds. */
    protected abstract List<String> packageNames() throws IOException;

    /**
     * @throws MojoFailureException for what the user can mend: a parameter, a description
     * @throws MojoExecutionException for what the machine did: no space, no permission
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
            if (classifier != null && !CLASSIFIER.matcher(classifier).matches()) {
                throw new InvalidPackageException("classifier", "'" + classifier
                        + "' cannot be part of a file's name; expected letters, digits and . _ + - only");
            }
            List<String> known = Stream.concat(BundledPackages.NAMES.stream(), ownPackages().stream()).sorted().toList();
            for (String name : packageNames()) {
                current = " " + name;
                PackageBlock block = skip ? null : PackageBlocks.of(packages, name, known, new PluginParameterExpressionEvaluator(session, execution));
                if (block == null || block.skip()) {
                    getLog().info("Skipping package " + name);
                } else {
                    build(name, block);
                }
            }
            end();
        } catch (InvalidPackageException e) {
            throw new MojoFailureException(e.getMessage(), e);
        } catch (IOException e) {
            throw new MojoExecutionException("Cannot build package" + current + ": " + Failures.sentence(e, places()), e);
        }
    }

    /** Called after the last package. */
    protected void end() throws IOException {}

    private Map<String, Path> places() {
        Map<String, Path> places = new LinkedHashMap<>();
        places.put("<outputDirectory>", outputDirectory.toPath());
        places.put("<stagingDirectory>", stagingDirectory.toPath());
        return places;
    }

    /** The folders of the project that are packages of its own. */
    protected final List<String> ownPackages() throws IOException {
        return SourceFolders.names(sourceDirectory.toPath()).stream().filter(name -> !BundledPackages.NAMES.contains(name)).toList();
    }

    private void build(String name, PackageBlock block) throws IOException {
        if (!BuildTime.isSet(outputTimestamp)) {
            warnOnce();
        }
        Path staging = stagingDirectory.toPath();
        String folder = classifier == null ? name : classifier;
        Path unpacked = staging.resolve(folder + ".unpacked");
        Path shlibdeps = block.shlibdeps() ? staging.resolve(folder + ".shlibdeps") : null;
        try (Layers layers = new Layers(project, repositorySystem, repositorySession, unpacked)) {
            Path folders = sourceDirectory.toPath();
            List<Path> sources = block.shlibdeps() ? null : layers.sources(name, block, folders);
            deliver(name, block, sources, () -> PackageAssembler.assemble(layers.of(name, block, folders), options(block, shlibdeps)));
        }
    }

    /** Decides what a package is made of; not called for one that is there already. */
    protected interface Recipe {
        /** @throws IOException when something cannot be read */
        Assembly assemble() throws IOException;
    }

    /**
     * Writes and attaches the deb; a goal that builds nothing does something else.
     *
     * @param name the package
     * @param block of the package
     * @param sources the files and directories that the recipe reads; null when it asks the machine as well
     * @param recipe of the package
     */
    protected void deliver(String name, PackageBlock block, List<Path> sources, Recipe recipe) throws IOException {
        Compressor compressor = Compressor.of(compression, compressionLevel, xz);
        String artifactClassifier = classifier == null ? name : classifier;
        AttachedDebs attached = new AttachedDebs(project, projectHelper, execution);
        BuildRecord record = new BuildRecord(stagingDirectory.toPath(), outputDirectory.toPath(), name, String.valueOf(execution.getExecutionId()));
        InputRecord inputs = InputRecord.of(record.file("inputs"), parameters(block, compressor, artifactClassifier), sources == null ? List.of() : sources, Instant.now());
        if (attach) {
            attached.reserve(artifactClassifier, name, getPluginContext());
        }
        InputRecord.Built built = force || sources == null ? null : inputs.built(outputDirectory.toPath());
        boolean unchanged = built != null;
        if (!unchanged) {
            Assembly assembly = recipe.assemble();
            attached.reserveFile(outputDirectory.toPath().resolve(assembly.deb().fileName()), name, getPluginContext());
            built = write(assembly, block, compressor, record, inputs);
        } else {
            attached.reserveFile(built.file(), name, getPluginContext());
        }
        if (attach) {
            attached.attach(artifactClassifier, built.file());
        }
        if (getPluginContext() != null && sources != null) {
            getPluginContext().put(DIGEST + built.file().getFileName(), built.digest());
        }
        getLog().info(name + " " + built.version() + ": " + built.file().getFileName() + ", " + size(Files.size(built.file())) + ", " + built.files() + " files"
                + (unchanged ? ", as before" : compressor.engine() == Engine.NATIVE ? ", " + compressor.description() : ""));
    }

    private InputRecord.Built write(Assembly assembly, PackageBlock block, Compressor compressor, BuildRecord record, InputRecord inputs) throws IOException {
        Deb deb = assembly.deb();
        Waivers waivers = new Waivers(WaiverBlocks.of(deb.name(), block.waivers()));
        Path output = OutputDirectory.prepare(outputDirectory.toPath(), "outputDirectory");
        Path staging = OutputDirectory.prepare(stagingDirectory.toPath(), "stagingDirectory");
        Path tree = staging.resolve(classifier == null ? deb.name() : classifier);
        StagingTree.requireOurs(tree);
        assembly.decisions().forEach(getLog()::info);
        inputs.forget();
        record.expect(deb.fileName());
        DebWriter.Written written = write(deb, compressor, output);
        record.keep(deb.fileName());
        boolean clean = verify(ReadDeb.of(written.file(), written.contents()), waivers);
        layOut(deb, written.md5sums(), tree);
        InputRecord.Built built = new InputRecord.Built(written.file(), deb.version().toString(), deb.tree().files().size(), inputs.digest());
        if (clean) { // what was warned of is to be said again
            inputs.keep(built, deb.isLarge() ? written.file() : tree.resolve("DEBIAN/control"));
        }
        return built;
    }

    private DebWriter.Written write(Deb deb, Compressor compressor, Path output) throws IOException {
        PrintStream terminal = ProgressLine.terminal(session.getRequest() != null && session.getRequest().isInteractiveMode());
        try (ProgressLine line = new ProgressLine(getLog(), terminal, System::nanoTime, deb.name(), deb.tree().files().size(), deb.tree().size())) {
            return DebWriter.write(deb, compressor, output, ReadDeb::kept, line);
        }
    }

    /**
     * Whatever decides beside the files, as the POM and the command line have it: a parameter that is added to this class
     * belongs here as well. The waivers are in the package's block, and the debs beside it are what it is checked against.
     */
    private List<String> parameters(PackageBlock block, Compressor compressor, String artifactClassifier) throws IOException {
        List<String> parameters = new ArrayList<>(List.of(BundledPackages.fingerprint(), compressor.description(), block.toString(), String.valueOf(maintainer),
                String.valueOf(version), String.valueOf(revision), String.valueOf(outputTimestamp), String.valueOf(snapshotTimestamp), artifactClassifier,
                project.getGroupId(), project.getArtifactId(), project.getVersion()));
        for (Developer developer : project.getDevelopers()) {
            parameters.add(developer.getName() + " <" + developer.getEmail() + ">");
        }
        for (Artifact other : project.getAttachedArtifacts()) {
            if ("deb".equals(other.getType()) && other.getFile() != null && !artifactClassifier.equals(other.getClassifier())) {
                Path file = other.getFile().toPath();
                Object digest = getPluginContext() == null ? null : getPluginContext().get(DIGEST + file.getFileName());
                parameters.add(file + " " + (digest != null ? digest : InputRecord.stamp(file)));
            }
        }
        return parameters;
    }

    private void layOut(Deb deb, Map<InstallPath, String> md5sums, Path tree) throws IOException {
        if (deb.isLarge()) {
            Directories.delete(tree);
            getLog().info("No staging tree of " + deb.name() + ", which would be a second copy of a large package; `dpkg-deb -R` makes one of the deb");
            return;
        }
        String lacking = StagingTree.write(deb, md5sums, tree);
        if (!lacking.isEmpty()) {
            getLog().warn(lacking);
        }
    }

    /** In the units of SI, as file managers have them; the same in every locale. */
    private static String size(long bytes) {
        return bytes < 1_000_000 ? (bytes + 500) / 1000 + " KB" : (bytes + 500_000) / 1_000_000 + " MB";
    }

    /** A deb with errors does not stay: nobody is to publish it. */
    private boolean verify(ReadDeb deb, Waivers waivers) throws IOException {
        ReadDebs build = ReadDebs.of(getPluginContext());
        build.put(deb);
        try {
            List<Finding> findings = Verifier.verify(deb, build.get(VerifyMojo.attached(List.of(project))), waivers);
            Findings.report(findings, getLog());
            return findings.isEmpty();
        } catch (InvalidPackageException e) {
            Files.delete(deb.file());
            throw e;
        }
    }

    private PackageOptions options(PackageBlock block, Path shlibdeps) {
        BuildTime time = BuildTime.parse(outputTimestamp, "outputTimestamp (" + TIMESTAMP_PROPERTY + ")");
        BuildTime snapshot = snapshotTimestamp == null ? time : BuildTime.parse(snapshotTimestamp, "snapshotTimestamp");
        String debianRevision = revision == null ? "" : revision;
        return new PackageOptions(
                version == null
                        ? DebianVersion.ofMaven(project.getVersion(), snapshot, debianRevision)
                        : new DebianVersion(version, debianRevision),
                maintainer(),
                time,
                "Built by Maven from " + project.getGroupId() + ":" + project.getArtifactId() + ":" + project.getVersion() + ".",
                block.enabledUnits(),
                block.disabledUnits(),
                block.choices(),
                Map.of("Depends", block.depends(), "Recommends", block.recommends()),
                block.fields(),
                block.excludes(),
                shlibdeps);
    }

    private String maintainer() {
        String found = maintainer;
        if (found == null) {
            List<Developer> developers = project.getDevelopers();
            found = developers.stream()
                    .filter(developer -> developer.getName() != null && developer.getEmail() != null)
                    .findFirst()
                    .map(developer -> developer.getName() + " <" + developer.getEmail() + ">")
                    .orElseThrow(() -> new InvalidPackageException("maintainer",
                            "the package has none: the POM lists no developer with <name> and <email>; add one, or set <maintainer>"
                                    + " (-DdebianAtomic.maintainer) to 'Name <mail@example.org>'"));
        }
        if (found.contains(",")) {
            throw new InvalidPackageException("maintainer",
                    "'" + found + "' holds a comma, which separates addresses (Debian Policy 5.6.2); write the name without it");
        }
        if (!found.matches("[^<>,\\p{Cntrl}]*[^<>,\\p{Cntrl}\\s] <[^<>@\\s]+@[^<>@\\s]+>")) {
            throw new InvalidPackageException("maintainer",
                    "'" + found + "' has no name and address; expected 'Name <mail@example.org>' (Debian Policy 5.6.2)");
        }
        return found;
    }

    /** Nothing else shows a folder that was named wrongly, or whose goal was forgotten. */
    private void warnOfFolders() throws IOException {
        Plugin plugin = project.getPlugin(execution.getPlugin().getKey());
        if (plugin == null || execution.getSource() != MojoExecution.Source.LIFECYCLE || getPluginContext() == null
                || getPluginContext().put(PackageMojo.class.getName() + sourceDirectory, "warned") != null) {
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
