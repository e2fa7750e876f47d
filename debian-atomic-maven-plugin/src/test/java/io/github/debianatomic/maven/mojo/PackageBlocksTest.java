package io.github.debianatomic.maven.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.build.WaiverBlocks;
import io.github.debianatomic.maven.definition.PackageBlock;
import io.github.debianatomic.maven.verify.Waivers.Waiver;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.codehaus.plexus.configuration.xml.XmlPlexusConfiguration;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The form of {@code <packages>}, and the two texts that list its fields. */
class PackageBlocksTest {

    private static final List<String> KNOWN = List.of("acme", "apt-ostree", "bootc", "bootc-baseimage", "bootc-dracut");

    private static PlexusConfiguration packages(String blocks) throws Exception {
        return new XmlPlexusConfiguration(Xpp3DomBuilder.build(new StringReader("<packages>" + blocks + "</packages>")));
    }

    private static PackageBlock read(String name, String fields) throws Exception {
        return PackageBlocks.of(packages("<" + name + ">" + fields + "</" + name + ">"), name, KNOWN, null);
    }

    private static List<Waiver> waivers(String waiver) throws Exception {
        return WaiverBlocks.of("acme", read("acme", "<waivers><waiver>" + waiver + "</waiver></waivers>").waivers());
    }

    // ---- fields

    private static String example(BlockField field) {
        String value = switch (field.kind()) {
            case FLAG -> "true";
            case VALUE -> "x";
            case LIST, MAP -> "<x>y</x>";
            case BLOCKS -> field == BlockField.OVERLAYS ? "<overlay><directory>d</directory></overlay>" : "<waiver><check>opt</check></waiver>";
        };
        return "<" + field.element() + ">" + value + "</" + field.element() + ">";
    }

    @ParameterizedTest
    @EnumSource
    void eachFieldReachesTheBlockOfItsPackageAlone(BlockField field) throws Exception {
        String own = field.packageName().isEmpty() ? "acme" : field.packageName();
        assertThat(read(own, example(field))).isNotEqualTo(read(own, ""));
        for (String other : KNOWN) {
            if (!field.isFor(other)) {
                assertThatThrownBy(() -> read(other, example(field))).isInstanceOf(InvalidPackageException.class).hasMessage("<packages><" + other + "><"
                        + field.element() + ">: belongs to package " + own + "; move it into that block, or delete it");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachFieldComesOnceAndInItsForm(BlockField field) {
        String own = field.packageName().isEmpty() ? "acme" : field.packageName();
        assertThatThrownBy(() -> read(own, example(field) + example(field))).isInstanceOf(InvalidPackageException.class)
                .hasMessage("<packages><" + own + ">: <" + field.element() + "> comes twice; join the two");
        String wrong = "<" + field.element() + ">" + (field.kind().isText() ? "<a>b</a>" : "text") + "</" + field.element() + ">";
        assertThatThrownBy(() -> read(own, wrong)).isInstanceOf(InvalidPackageException.class)
                .hasMessageStartingWith("<packages><" + own + "><" + field.element() + ">: holds ");
    }

    @Test
    void anUnknownFieldIsRefusedWithTheNearestOfThePackage() {
        assertThatThrownBy(() -> read("acme", "<enabled/>")).hasMessage("<packages><acme>: there is no field 'enabled'; did you mean 'enabledUnits'?"
                + " Expected one of choices, depends, disabledUnits, enabledUnits, excludes, fields, overlays, recommends, shlibdeps, skip, waivers");
        assertThatThrownBy(() -> read("bootc", "<updateShedule/>")).hasMessageContaining("did you mean 'updateSchedule'?");
    }

    /** The text of a block is recorded as an input of the deb: the same in each JVM. */
    @Test
    void aBlocksTextHasItsMapsInTheirOrder() throws Exception {
        assertThat(read("acme", "<fields><Tag>a</Tag><Bugs>b</Bugs><Origin>c</Origin></fields>").toString()).contains("fields={Tag=a, Bugs=b, Origin=c}");
    }

    // ---- waivers

    @Test
    void aWaiverHasACheckAReasonAndPerhapsAPlace() throws Exception {
        assertThat(waivers("<check>opt</check><reason> Why. </reason>")).containsExactly(new Waiver("acme", "opt", "", "Why."));
        assertThat(waivers("<check>opt</check><where>/opt/x</where><reason>Why.</reason>")).containsExactly(new Waiver("acme", "opt", "/opt/x", "Why."));
        assertThat(PackageBlocks.waivers(packages("<acme/>").getChild("acme"))).isEmpty();
    }

    @Test
    void aWaiverNamesTheNearestOfWhatItDoesNotKnow() {
        assertThatThrownBy(() -> waivers("<check>unit-wantedby</check><reason>x</reason>"))
                .isInstanceOf(InvalidPackageException.class)
                .hasMessageStartingWith("<packages><acme><waivers>: there is no check 'unit-wantedby'; did you mean 'unit-wanted-by'? Expected one of ");
        assertThatThrownBy(() -> waivers("<check>opt</check><why>x</why>"))
                .hasMessage("<packages><acme><waivers>: there is no field 'why'; did you mean 'where'? Expected one of check, reason, where");
        assertThatThrownBy(() -> waivers("<check>opt</check>"))
                .hasMessage("waiver of check 'opt' for package acme: has no reason; say why what it finds is right");
    }

    // ---- documentation

    private static String listing() {
        Set<String> packages = new LinkedHashSet<>();
        Stream.of(BlockField.values()).forEach(field -> packages.add(field.packageName()));
        return packages.stream().map(name -> (name.isEmpty() ? "A block takes " : "for " + name + " ")
                        + Stream.of(BlockField.values()).filter(field -> field.packageName().equals(name))
                                .map(field -> "`" + field.element() + "`").collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; ", "", "."));
    }

    @Test
    void thePageOfParametersListsTheFields() throws Exception {
        Path page = Path.of("../src/site/markdown/parameters.md");
        if (Boolean.getBoolean("golden.renew")) {
            Files.writeString(page, Files.readString(page).replaceFirst("(?s)A block takes `.*?`\\.", listing()));
        }
        assertThat(Files.readString(page).replaceAll("\\s+", " ")).as("renew with -Dgolden.renew=true").contains(listing());
    }

    @ParameterizedTest
    @EnumSource
    void theDocumentationOfPackagesDescribesEachFieldOnce(BlockField field) throws Exception {
        String source = Files.readString(Path.of("src/main/java/io/github/debianatomic/maven/mojo/AssemblyMojo.java"));
        String javadoc = source.substring(source.indexOf("<p>A block may hold"), source.indexOf("private PlexusConfiguration packages;"));
        List<String> items = new ArrayList<>(List.of(javadoc.replaceAll("\\s*\\n\\s*\\*\\s*", " ").split("<li>")));
        // what is described stands before the colon; values and further fields behind it
        String described = "(?s)(for [a-z-]+, )?(\\{@code \\w+}(, | and ))*\\{@code " + field.element() + "}.*";
        items.removeIf(item -> !Pattern.matches(described, item));
        assertThat(items).as(field.element()).hasSize(1);
        assertThat(items.get(0).startsWith("for ") ? items.get(0).split("[ ,]")[1] : "").isEqualTo(field.packageName());
    }
}
