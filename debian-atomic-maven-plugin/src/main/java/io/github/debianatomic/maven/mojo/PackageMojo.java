package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.build.BuildRequest;
import io.github.debianatomic.maven.build.InputRecord;
import io.github.debianatomic.maven.build.InputRecord.Built;
import io.github.debianatomic.maven.build.Output;
import io.github.debianatomic.maven.build.PackageBuild;
import io.github.debianatomic.maven.compress.Compressor;
import io.github.debianatomic.maven.compress.Compressor.Engine;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.definition.Assembly;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugins.annotations.Component;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProjectHelper;

/** The parameters of every package goal, one call, and the attaching. What a package holds is decided elsewhere. */
public abstract class PackageMojo extends AssemblyMojo {

    /** It becomes part of file names. */
    private static final Pattern CLASSIFIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]*");

    /**
     * The directory the debs are written to. The default is where Maven puts what it builds.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.outputDirectory", defaultValue = "${project.build.directory}")
    private File outputDirectory;

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

    @Component
    private MavenProjectHelper projectHelper;

    @Override
    protected String stagingName(String packageName) {
        if (classifier != null && !CLASSIFIER.matcher(classifier).matches()) {
            throw new InvalidPackageException("classifier", "'" + classifier
                    + "' cannot be part of a file's name; expected letters, digits and . _ + - only");
        }
        return classifier == null ? packageName : classifier;
    }

    @Override
    protected Map<String, Path> places() {
        Map<String, Path> places = new LinkedHashMap<>();
        places.put("<outputDirectory>", outputDirectory.toPath());
        places.putAll(super.places());
        return places;
    }

    final Output output() {
        return new Output(outputDirectory.toPath(), staging(), Compressor.of(compression, compressionLevel, xz), String.valueOf(execution().getExecutionId()));
    }

    @Override
    protected final void process(BuildRequest request) throws IOException {
        Output output = output();
        String artifactClassifier = stagingName(request.name());
        AttachedDebs attached = new AttachedDebs(project(), projectHelper, execution(), context());
        List<Path> beside = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        for (Artifact other : AttachedDebs.of(project())) {
            if (!artifactClassifier.equals(other.getClassifier())) {
                Path file = other.getFile().toPath();
                beside.add(file);
                digests.add(file + " " + (context().digest(file) != null ? context().digest(file) : InputRecord.stamp(file)));
            }
        }
        if (attach) {
            attached.reserve(artifactClassifier, request.name());
        }
        try (PackageBuild build = new PackageBuild(request, output, digests)) {
            Built built = force ? null : build.unchanged();
            boolean unchanged = built != null;
            if (unchanged) {
                attached.reserveFile(built.file(), request.name());
            } else {
                Assembly assembly = build.assemble();
                attached.reserveFile(outputDirectory.toPath().resolve(assembly.deb().fileName()), request.name());
                built = write(build, assembly, beside);
            }
            if (attach) {
                attached.attach(artifactClassifier, built.file());
            }
            if (build.isRecorded()) {
                context().keepDigest(built.file(), built.digest());
            }
            report(request.name(), built, unchanged ? ", as before" : output.compressor().engine() == Engine.NATIVE ? ", " + output.compressor().description() : "");
        }
    }

    private Built write(PackageBuild build, Assembly assembly, List<Path> beside) throws IOException {
        Deb deb = assembly.deb();
        assembly.decisions().forEach(getLog()::info);
        PrintStream terminal = ProgressLine.terminal(session().getRequest() != null && session().getRequest().isInteractiveMode());
        PackageBuild.Result result;
        try (ProgressLine line = new ProgressLine(getLog(), terminal, System::nanoTime, deb.name(), deb.tree().files().size(), deb.tree().size())) {
            result = build.write(assembly, line, context().readDebs(), beside);
        }
        Findings.report(result.findings(), getLog());
        if (!result.remark().isEmpty()) {
            getLog().info(result.remark());
        }
        if (!result.warning().isEmpty()) {
            getLog().warn(result.warning());
        }
        return result.built();
    }

    private void report(String name, Built built, String how) throws IOException {
        getLog().info(name + " " + built.version() + ": " + built.file().getFileName() + ", " + size(Files.size(built.file())) + ", " + built.files() + " files" + how);
    }

    /** In the units of SI, as file managers have them; the same in every locale. */
    private static String size(long bytes) {
        return bytes < 1_000_000 ? (bytes + 500) / 1000 + " KB" : (bytes + 500_000) / 1_000_000 + " MB";
    }
}
