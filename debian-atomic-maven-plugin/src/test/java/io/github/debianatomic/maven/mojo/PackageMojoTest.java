package io.github.debianatomic.maven.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.build.Output;
import io.github.debianatomic.maven.definition.PackageBlock;
import java.io.File;
import java.io.StringReader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.maven.api.plugin.testing.InjectMojo;
import org.apache.maven.api.plugin.testing.MojoParameter;
import org.apache.maven.api.plugin.testing.MojoTest;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.configuration.xml.XmlPlexusConfiguration;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Defaults and injection; lifecycle and POM are the integration projects' matter. */
@MojoTest
class PackageMojoTest {

    private static final String MAINTAINER = "Example Platform Team <platform@example.com>";

    @TempDir
    private Path directory;

    @Inject
    private MavenProject project;

    @BeforeEach
    void fillTheHarnessesEmptyProject() {
        project.setGroupId("com.example");
        project.setArtifactId("example-project");
        project.setVersion("1.0.0");
        project.getBuild().setDirectory(directory.toString());
        project.getProperties().setProperty("project.build.outputTimestamp", "2026-11-23T02:15:00Z");
        project.setArtifact(new DefaultArtifact("com.example", "example-project", "1.0.0", null, "pom", null, new DefaultArtifactHandler("pom")));
    }

    private List<String> debs() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".deb")).sorted().toList();
        }
    }

    private static Field field(String name) throws Exception {
        Class<?> declaring = Stream.of(PackageMojo.class.getDeclaredFields()).anyMatch(one -> one.getName().equals(name)) ? PackageMojo.class : AssemblyMojo.class;
        Field field = declaring.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static Object value(PackageMojo mojo, String name) throws Exception {
        return field(name).get(mojo);
    }

    @Test
    @InjectMojo(goal = "bootc")
    void hasTheDefaultsItDocuments(BootcMojo mojo) throws Exception {
        assertThat(value(mojo, "compression")).isEqualTo("xz");
        assertThat(value(mojo, "attach")).isEqualTo(true);
        assertThat(value(mojo, "skip")).isEqualTo(false);
        for (String unset : List.of("classifier", "maintainer", "version", "revision", "snapshotTimestamp", "packages")) {
            assertThat(value(mojo, unset)).as(unset).isNull();
        }
        assertThat(value(mojo, "stagingDirectory").toString()).endsWith("debian-atomic");
    }

    private static void packages(PackageMojo mojo, String blocks) throws Exception {
        field("packages").set(mojo, new XmlPlexusConfiguration(Xpp3DomBuilder.build(new StringReader("<packages>" + blocks + "</packages>"))));
    }

    private void into(PackageMojo mojo) throws Exception {
        for (String name : List.of("outputDirectory", "stagingDirectory")) {
            field(name).set(mojo, new File(directory.toFile(), name.startsWith("staging") ? "debian-atomic" : "."));
        }
    }

    @Test
    @InjectMojo(goal = "bootc")
    @MojoParameter(name = "maintainer", value = MAINTAINER)
    @MojoParameter(name = "outputTimestamp", value = "2026-11-23T02:15:00Z")
    void buildsAndAttachesItsPackage(BootcMojo mojo) throws Exception {
        into(mojo);
        mojo.execute();
        assertThat(debs()).containsExactly("bootc_1.0.0_all.deb");
        assertThat(project.getAttachedArtifacts()).extracting(a -> a.getType() + ":" + a.getClassifier()).contains("deb:bootc");
        assertThat(directory.resolve("debian-atomic/bootc/DEBIAN/control")).isRegularFile();
    }

    @Test
    @InjectMojo(goal = "apt-ostree")
    @MojoParameter(name = "skip", value = "true")
    void skips(AptOstreeMojo mojo) throws Exception {
        into(mojo);
        mojo.execute();
        assertThat(debs()).isEmpty();
    }

    /** What sets a property may be skipped together with the package. */
    @Test
    @InjectMojo(goal = "apt-ostree")
    void leavesTheExpressionsOfABlockThatIsSkipped(AptOstreeMojo mojo) throws Exception {
        into(mojo);
        packages(mojo, "<apt-ostree><skip>true</skip><fields><Homepage>${set.later}</Homepage></fields></apt-ostree>");
        mojo.execute();
        assertThat(debs()).isEmpty();
    }

    @Test
    @InjectMojo(goal = "bootc-dracut")
    @MojoParameter(name = "maintainer", value = MAINTAINER)
    @MojoParameter(name = "outputTimestamp", value = "2026-11-23T02:15:00Z")
    void readsOfAnotherBlockOnlyItsName(BootcDracutMojo mojo) throws Exception {
        into(mojo);
        packages(mojo, "<bootc><depends><depend>${set.later}</depend></depends>"
                + "<waivers><waiver><check>${set.later}</check></waiver></waivers></bootc>");
        mojo.execute();
        assertThat(debs()).containsExactly("bootc-dracut_1.0.0_all.deb");
    }

    @Test
    @InjectMojo(goal = "bootc-dracut")
    @MojoParameter(name = "outputTimestamp", value = "2026-11-23T02:15:00Z")
    void asksForAMaintainer(BootcDracutMojo mojo) throws Exception {
        into(mojo);
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessage("maintainer: the package has none: the POM lists no developer with <name> and <email>; add one, or set <maintainer>"
                        + " (-DdebianAtomic.maintainer) to 'Name <mail@example.org>'");
        assertThat(debs()).isEmpty();
    }

    @Test
    @InjectMojo(goal = "bootc-dracut")
    @MojoParameter(name = "maintainer", value = "Doe, Inc. <a@b.example>")
    void refusesTwoMaintainers(BootcDracutMojo mojo) throws Exception {
        into(mojo);
        assertThatThrownBy(mojo::execute).hasMessage("maintainer: 'Doe, Inc. <a@b.example>' holds a comma, which separates addresses (Debian"
                + " Policy 5.6.2); write the name without it");
    }

    @Test
    @InjectMojo(goal = "bootc-baseimage")
    @MojoParameter(name = "maintainer", value = MAINTAINER)
    @MojoParameter(name = "outputTimestamp", value = "2026-11-23T02:15:00Z")
    @MojoParameter(name = "version", value = "2:2.0~rc1")
    @MojoParameter(name = "revision", value = "1~deb13u1")
    @MojoParameter(name = "attach", value = "false")
    void takesADebianVersionAndLeavesTheEpochOutOfTheName(BootcBaseimageMojo mojo) throws Exception {
        into(mojo);
        int before = project.getAttachedArtifacts().size();
        mojo.execute();
        assertThat(debs()).containsExactly("bootc-baseimage_2.0~rc1-1~deb13u1_all.deb");
        assertThat(project.getAttachedArtifacts()).hasSize(before);
    }

    // ---- the record of inputs

    /** Another value of each parameter. What is left out decides nothing about a deb's bytes. */
    private static final Map<String, Object> OTHER_VALUES = Map.ofEntries(
            Map.entry("maintainer", "Another Team <another@example.com>"),
            Map.entry("version", "2.0"),
            Map.entry("revision", "7"),
            Map.entry("outputTimestamp", "2026-11-24T02:15:00Z"),
            Map.entry("snapshotTimestamp", "2026-11-25T02:15:00Z"),
            Map.entry("outputDirectory", new File("elsewhere")),
            Map.entry("stagingDirectory", new File("elsewhere")),
            Map.entry("sourceDirectory", new File("elsewhere")),
            Map.entry("compression", "gzip"),
            Map.entry("compressionLevel", 1),
            Map.entry("xz", "native"),
            Map.entry("classifier", "another"));

    private static final Set<String> DECIDE_NOTHING = Set.of("skip", "force", "attach", "project", "execution", "session", "repositorySystem",
            "repositorySession", "projectHelper", "packages"); // each field of a block: PackageBlocksTest

    private static List<String> recorded(PackageMojo mojo) throws Exception {
        PackageBlock block = PackageBlocks.of(null, "bootc", List.of("bootc"), null);
        Output output = mojo.output();
        return List.of(mojo.request("bootc", block).toString(), output.toString());
    }

    @Test
    @InjectMojo(goal = "bootc")
    @MojoParameter(name = "maintainer", value = MAINTAINER)
    @MojoParameter(name = "outputTimestamp", value = "2026-11-23T02:15:00Z")
    void recordsEachParameter(BootcMojo mojo) throws Exception {
        into(mojo);
        project.setVersion("1.0.0-SNAPSHOT");
        field("project").set(mojo, project);
        field("sourceDirectory").set(mojo, new File(directory.toFile(), "src"));
        for (Class<?> type : List.of(AssemblyMojo.class, PackageMojo.class)) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || DECIDE_NOTHING.contains(field.getName())) {
                    continue;
                }
                assertThat(OTHER_VALUES).as("a parameter that is added needs another value here").containsKey(field.getName());
                field.setAccessible(true);
                Object before = field.get(mojo);
                List<String> recorded = recorded(mojo);
                field.set(mojo, OTHER_VALUES.get(field.getName()));
                assertThat(recorded(mojo)).as(field.getName()).isNotEqualTo(recorded);
                field.set(mojo, before);
                assertThat(recorded(mojo)).as("the same of the same").isEqualTo(recorded);
            }
        }
    }

    @Test
    void explainHasNoParameterThatItIgnores() {
        List<String> own = Stream.of(PackageMojo.class.getDeclaredFields()).map(Field::getName).toList();
        assertThat(own).contains("compression", "attach", "classifier", "force", "outputDirectory");
        assertThat(PackageMojo.class.isAssignableFrom(ExplainMojo.class)).isFalse();
    }
}
