package io.github.debianatomic.maven.build;

import io.github.debianatomic.maven.build.InputRecord.Built;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.deb.DebWriter;
import io.github.debianatomic.maven.deb.StagingTree;
import io.github.debianatomic.maven.definition.Assembly;
import io.github.debianatomic.maven.definition.BundledPackages;
import io.github.debianatomic.maven.definition.PackageAssembler;
import io.github.debianatomic.maven.tree.Directories;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.verify.Check.Severity;
import io.github.debianatomic.maven.verify.Finding;
import io.github.debianatomic.maven.verify.ReadDeb;
import io.github.debianatomic.maven.verify.Verifier;
import io.github.debianatomic.maven.verify.Waivers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The build of one package: what it is made of, its deb, its staging tree and the record of its inputs. */
public final class PackageBuild implements AutoCloseable {

    private final BuildRequest request;
    private final Output output;
    private final Layers layers;
    private final BuildRecord record;
    private final InputRecord inputs;

    /**
     * What was written.
     *
     * @param built the deb
     * @param findings what is wrong with it; with an error among them the deb is deleted
     * @param remark on the staging tree, or empty
     * @param warning of the staging tree, or empty
     */
    public record Result(Built built, List<Finding> findings, String remark, String warning) {

        /** Copies the list. */
        public Result {
            findings = List.copyOf(findings);
        }
    }

    /**
     * @param request what the package is to be
     * @param output where and how it is written
     * @param beside what stands for each of the debs that it is checked against
     * @throws IOException when an input cannot be read
     */
    public PackageBuild(BuildRequest request, Output output, List<String> beside) throws IOException {
        this.request = request;
        this.output = output;
        this.layers = new Layers(request);
        this.record = new BuildRecord(output.staging(), output.directory(), request.name(), output.execution());
        this.inputs = InputRecord.of(record.file("inputs"), parameters(request, output, beside), isRecorded() ? layers.sources() : List.of(), Instant.now());
    }

    /** All that decides beside the files. */
    static List<String> parameters(BuildRequest request, Output output, List<String> beside) throws IOException {
        List<String> parameters = new ArrayList<>(List.of(BundledPackages.fingerprint(), request.toString(), output.toString(), output.compressor().identity()));
        parameters.addAll(beside);
        return parameters;
    }

    /**
     * @param request what the package is to be
     * @return what it would be; nothing is written
     * @throws IOException when something cannot be read
     */
    public static Assembly describe(BuildRequest request) throws IOException {
        try (Layers layers = new Layers(request)) {
            return PackageAssembler.assemble(layers.read(), request.options());
        }
    }

    /** dpkg-shlibdeps reads the machine, which no record describes. */
    public boolean isRecorded() {
        return !request.block().shlibdeps();
    }

    /** The deb that was built of the same inputs, or null when it has to be built. */
    public Built unchanged() throws IOException {
        return isRecorded() ? inputs.built(output.directory()) : null;
    }

    /** Reads what the package consists of. */
    public Assembly assemble() throws IOException {
        return PackageAssembler.assemble(layers.read(), request.options());
    }

    /**
     * Writes deb, staging tree and record.
     *
     * @param assembly of {@link #assemble}
     * @param progress hears of what has been read
     * @param debs of the project as far as they have been read
     * @param beside the debs that it is checked against
     * @throws IOException when something cannot be read or written
     */
    public Result write(Assembly assembly, DebWriter.Progress progress, ReadDebs debs, List<Path> beside) throws IOException {
        Deb deb = assembly.deb();
        Waivers waivers = new Waivers(WaiverBlocks.of(deb.name(), request.block().waivers()));
        Path directory = OutputDirectory.prepare(output.directory(), "outputDirectory");
        OutputDirectory.prepare(output.staging(), "stagingDirectory");
        StagingTree.requireOurs(request.work());
        inputs.forget();
        record.expect(deb.fileName());
        DebWriter.Written written = DebWriter.write(deb, output.compressor(), directory, ReadDeb::kept, progress);
        record.keep(deb.fileName());
        ReadDeb read = ReadDeb.of(written.file(), written.contents());
        debs.put(read);
        List<Finding> findings = Verifier.verify(read, debs.get(beside), waivers);
        Built built = new Built(written.file(), deb.version().toString(), deb.tree().files().size(), inputs.digest());
        if (findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR)) {
            Files.delete(written.file()); // nobody is to publish it
            return new Result(built, findings, "", "");
        }
        String warning = deb.isLarge() ? "" : stage(deb, written.md5sums());
        if (findings.isEmpty()) { // a warning is to be shown again
            inputs.keep(built, deb.isLarge() ? written.file() : request.work().resolve("DEBIAN/control"));
        }
        return new Result(built, findings, deb.isLarge() ? unstaged(deb) : "", warning);
    }

    private String stage(Deb deb, Map<InstallPath, String> md5sums) throws IOException {
        return StagingTree.write(deb, md5sums, request.work());
    }

    private String unstaged(Deb deb) throws IOException {
        Directories.delete(request.work());
        return "No staging tree of " + deb.name() + ", which would be a second copy of a large package; `dpkg-deb -R` makes one of the deb";
    }

    /** Deletes what archives were unpacked to. */
    @Override
    public void close() throws IOException {
        layers.close();
    }
}
