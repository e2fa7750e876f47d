package io.github.debianatomic.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.definition.BundledPackages;
import io.github.debianatomic.maven.tree.Entry;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README and the user guide agree with the code. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..");

    private static String readme() throws Exception {
        return Files.readString(ROOT.resolve("README.md"));
    }

    private static String page(String name) throws Exception {
        return Files.readString(ROOT.resolve("src/site/markdown").resolve(name));
    }

    @Test
    void thePageOfPackagesListsEveryFileAndNoOther() throws Exception {
        // the first cell of each row
        List<String> listed = Pattern.compile("^\\| (`/.*?) \\|", Pattern.MULTILINE)
                .matcher(page("packages.md"))
                .results()
                .flatMap(row -> Stream.of(row.group(1).split(", ")))
                .map(path -> path.replace("`", ""))
                .toList();
        List<String> shipped = new ArrayList<>(List.of(
                // the alternative that is not the default
                "/usr/lib/tmpfiles.d/apt-ostree-0-integration-opt-usrlocal.conf"));
        for (String name : BundledPackages.NAMES) {
            for (Entry entry : Debs.bundled(name).tree().entries()) {
                if (!(entry instanceof Entry.Directory)) {
                    shipped.add(entry.path().value());
                }
            }
        }
        assertThat(shipped).allMatch(path -> listed.contains(path) || listed.stream().anyMatch(l -> l.endsWith("/") && path.startsWith(l)));
        List<String> directories = List.of("/usr/lib/bootc/kargs.d", "/usr/lib/bootc/bound-images.d", "/usr/lib/bootc/install");
        assertThat(listed).allMatch(path -> directories.contains(path)
                || shipped.stream().anyMatch(s -> s.equals(path) || path.endsWith("/") && s.startsWith(path)));
    }

    @Test
    void theReadmeShowsWhatTheExamplePrints(@TempDir Path directory) throws Exception {
        for (String name : BundledPackages.NAMES) {
            Deb deb = Debs.bundled(name);
            long kilobytes = (Files.size(Debs.write(deb, directory)) + 500) / 1000;
            String line = "    [INFO] " + name + " 1.0.0: " + deb.fileName() + ", " + kilobytes + " KB, " + deb.tree().files().size() + " files\n";
            if (Boolean.getBoolean("golden.renew")) {
                Files.writeString(ROOT.resolve("README.md"), readme().replaceFirst("    \\[INFO\\] " + name + " 1\\.0\\.0: .*\n", line));
            }
            assertThat(readme()).contains(line);
        }
    }

    @Test
    void theReadmeShowsThePluginAsTheExampleHasIt() throws Exception {
        assertThat(plugin(readme())).isEqualTo(plugin(Files.readString(ROOT.resolve("example-project/pom.xml"))));
    }

    private static String plugin(String text) {
        Matcher matcher = Pattern.compile(" *<plugin>\n.*?</plugin>", Pattern.DOTALL).matcher(text.substring(text.indexOf("debian-atomic-maven-plugin</artifactId>") - 120));
        assertThat(matcher.find()).isTrue();
        return matcher.group().lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    @Test
    void thePageOfParametersNamesEachParameter() throws Exception {
        List<String> named = page("parameters.md").lines().filter(line -> line.matches("\\| `\\w+` \\| (`debianAtomic\\..*|\\| a block .*)")).map(line -> line.split("`")[1]).toList();
        List<String> declared = new ArrayList<>();
        for (String type : List.of("AssemblyMojo", "PackageMojo")) {
            for (var field : Class.forName("io.github.debianatomic.maven.mojo." + type).getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    declared.add(field.getName());
                }
            }
        }
        declared.removeAll(List.of("project", "execution", "projectHelper", "repositorySystem", "repositorySession", "session"));
        assertThat(named).containsExactlyInAnyOrderElementsOf(declared);
    }
}
