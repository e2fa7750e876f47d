package io.github.debianatomic.maven;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports run from mojo towards tree and deb822, and the javadoc tool accepts the comments. */
class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.debianatomic.maven");

    @Test
    void theJavadocHasNoErrors(@TempDir Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, Locale.ROOT, UTF_8);
                Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            Iterable<? extends JavaFileObject> units =
                    files.getJavaFileObjectsFromPaths(sources.filter(file -> file.toString().endsWith(".java")).toList());
            compiler.getTask(null, files, found, List.of("-Xdoclint:all,-missing", "-proc:none", "-d", classes.toString()), null, units).call();
        }
        assertThat(found.getDiagnostics()).filteredOn(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR).isEmpty();
    }

    @Test
    void mavenAppearsInMojoAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..mojo..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.maven..", "org.eclipse.aether..", "org.codehaus.plexus.configuration..", "org.codehaus.plexus.component..")
                .check(classes);
    }

    @Test
    void jdebAppearsInOneClassAlone() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.DebWriter(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.vafer..")
                .check(classes);
    }

    /** {@code src/adr/0006} says why. */
    @Test
    void theCheckerSharesNothingWithTheWriterButTheReaderAndTheGrammars() {
        noClasses()
                .that()
                .resideInAPackage("..verify..")
                .should()
                .dependOnClassesThat(resideInAPackage("..maven.deb..")
                        .and(not(nameMatching(".*\\.(DebReader|DebContents|Item|Owner)(\\$.*)?"))))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("..definition..", "..build..", "..compress..", "..elf..")
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.github.debianatomic.maven.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void importsRunTowardsTreeAndDeb822() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("mojo").definedBy("..mojo..")
                .layer("build").definedBy("..build..")
                .layer("definition").definedBy("..definition..")
                .layer("verify").definedBy("..verify..")
                .layer("elf").definedBy("..elf..")
                .layer("deb").definedBy("..deb..")
                .layer("grammar").definedBy("..grammar..")
                .layer("compress").definedBy("..compress..")
                .layer("deb822").definedBy("..deb822..")
                .layer("tree").definedBy("..tree..")
                .whereLayer("mojo").mayNotBeAccessedByAnyLayer()
                .whereLayer("definition").mayOnlyBeAccessedByLayers("mojo", "build")
                .whereLayer("verify").mayOnlyBeAccessedByLayers("mojo", "build")
                .whereLayer("build").mayOnlyBeAccessedByLayers("mojo")
                .whereLayer("deb").mayOnlyBeAccessedByLayers("mojo", "build", "definition", "verify")
                .whereLayer("compress").mayOnlyBeAccessedByLayers("mojo", "build", "definition", "deb")
                .whereLayer("elf").mayOnlyBeAccessedByLayers("definition")
                .whereLayer("grammar").mayOnlyBeAccessedByLayers("definition", "verify", "elf", "deb")
                .whereLayer("deb822").mayOnlyBeAccessedByLayers("definition", "verify", "deb")
                .check(classes);
    }
}
