package io.github.debianatomic.maven.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.debianatomic.maven.Debs;
import io.github.debianatomic.maven.Tool;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.deb.StagingTree;
import io.github.debianatomic.maven.tree.Entry;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** The bundled packages, held against the programs that will read them on Debian. */
class BundledPackagesTest {

    /** What a twin built with debhelper has too. */
    private static final Set<String> LINTIAN_FLOOR =
            Set.of("I: package-supports-alternative-init-but-no-init.d-script", "X: executable-in-usr-lib");

    private static final Pattern MISSING_COMMAND =
            Pattern.compile("Command (/\\S+) is not executable: No such file or directory");

    /** In no suite of Debian, and not ours to ship. */
    private static final List<String> USERS_PROGRAMS = List.of("/usr/bin/bootc", "/usr/bin/apt-ostree", "/usr/lib/bootc/initramfs-setup");

    @TempDir
    private Path directory;

    private final List<Deb> debs = new ArrayList<>();

    @BeforeEach
    void assemble() throws IOException {
        for (String name : BundledPackages.NAMES) {
            debs.add(Debs.bundled(name));
        }
    }

    /** One root with all four packages in it. */
    private Path root() throws IOException {
        Path root = directory.resolve("root");
        for (Deb deb : debs) {
            Path staging = directory.resolve(deb.name());
            assertThat(StagingTree.write(deb, Map.of(), staging)).isEmpty();
            try (Stream<Path> walk = Files.walk(staging)) {
                for (Path path : walk.toList()) {
                    Path target = root.resolve(staging.relativize(path).toString());
                    if (!Files.isDirectory(target)) {
                        Files.copy(path, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
                    }
                }
            }
            Files.move(root.resolve("DEBIAN"), directory.resolve(deb.name() + "-DEBIAN"));
        }
        return root;
    }

    private Stream<Entry.File> files() {
        return debs.stream().flatMap(deb -> deb.tree().files().stream());
    }

    private List<Path> paths(Path root, String directoryName, String ending) throws IOException {
        Path parent = root.resolve(directoryName);
        try (Stream<Path> list = Files.list(parent)) {
            return list.filter(path -> path.toString().endsWith(ending)).sorted().toList();
        }
    }

    @Test
    void areAllFoldersOfTheResources() throws Exception {
        try (Stream<Path> folders = Files.list(Path.of("src/main/resources/packages"))) {
            assertThat(folders.map(folder -> folder.getFileName().toString()).sorted()).isEqualTo(BundledPackages.NAMES);
        }
    }

    @Test
    void ownNoPathTogether() {
        assertThat(files().map(Entry.File::path)).doesNotHaveDuplicates();
    }

    @Test
    void standWhereAMergedUsrHasThem() {
        assertThat(files().map(file -> file.path().value())).allMatch(path -> path.matches("/(usr/(?!local/)|etc/).*"));
    }

    @Test
    void areCleanForLintian() throws Exception {
        List<String> command = new ArrayList<>(List.of("lintian", "--display-info", "--pedantic", "--display-experimental", "--fail-on", "none",
                "--allow-root", "--tag-display-limit", "0"));
        for (Deb deb : debs) {
            command.add(Debs.write(deb, directory).toString());
        }
        String output = Tool.run(0, command.toArray(String[]::new));
        Files.writeString(Path.of("target/lintian.txt"), output);
        assertThat(output.lines().filter(line -> LINTIAN_FLOOR.stream().noneMatch(tag -> line.startsWith(tag.substring(0, 3))
                        && line.contains(tag.substring(3)))))
                .isEmpty();
    }

    /** Each has its reason beside it in the package. */
    @Test
    void overrideOfLintianWhatIsMeantAndNoMore() {
        assertThat(files().filter(file -> file.path().value().startsWith("/usr/share/lintian/overrides/"))
                        .flatMap(file -> {
                            try {
                                return file.content().text().lines();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                        .filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "apt-ostree: systemd-service-file-missing-install-key [usr/lib/systemd/system/apt-ostreed.service]",
                        "bootc: relative-symlink ../../../sysroot/ostree/bootc/storage [usr/lib/bootc/storage]",
                        "bootc: package-contains-empty-directory [usr/lib/bootc/bound-images.d/]",
                        "bootc: package-contains-empty-directory [usr/lib/bootc/install/]",
                        "bootc: package-contains-empty-directory [usr/lib/bootc/kargs.d/]",
                        "bootc: systemd-service-file-refers-to-unusual-wantedby-target bootc-status-updated-onboot.target"
                                + " [usr/lib/systemd/system/bootc-publish-rhsm-facts.service]",
                        "bootc: systemd-service-file-refers-to-unusual-wantedby-target bootc-status-updated.target"
                                + " [usr/lib/systemd/system/bootc-publish-rhsm-facts.service]",
                        "bootc: uses-dpkg-database-directly [usr/libexec/bootc-destructive-cleanup]",
                        "bootc-grub: package-contains-empty-directory [usr/lib/bootupd/updates/EFI/debian/]");
    }

    /** What follows a file of another project directive by directive is under its license, copyright-format/1.0. */
    @Test
    void nameTheLicenseOfEachFileThatFollowsAnotherProject() throws Exception {
        List<String> others = new ArrayList<>();
        for (Deb deb : debs) {
            Map<String, String> licenses = new LinkedHashMap<>();
            for (String paragraph : text(deb, "/usr/share/doc/" + deb.name() + "/copyright").split("\n\n")) {
                Matcher files = Pattern.compile("(?s)\\AFiles: (.*?)\nCopyright: .*\nLicense: ([^\n]+)").matcher(paragraph);
                if (files.find()) {
                    for (String glob : files.group(1).split("\\s+")) {
                        licenses.put("/" + glob.replace(".", "\\.").replace("*", ".*"), files.group(2));
                        if (!paragraph.contains("Only where the package was built with the program")) {
                            assertThat(deb.tree().files()).as(glob + " of " + deb.name()).anyMatch(file ->
                                    file.path().value().matches("/" + glob.replace(".", "\\.").replace("*", ".*")));
                        }
                    }
                }
            }
            for (Entry.File file : deb.tree().files()) {
                String license = "";
                for (Map.Entry<String, String> entry : licenses.entrySet()) {
                    license = file.path().value().matches(entry.getKey()) ? entry.getValue() : license; // the last one counts
                }
                if (!license.equals("Apache-2.0")) {
                    others.add(deb.name() + " " + license + " " + file.path().name());
                }
            }
        }
        assertThat(others).containsExactlyInAnyOrder(
                "apt-ostree LGPL-2+ 05-aptostree.install",
                "apt-ostree LGPL-2+ apt-ostree-0-integration-opt-usrlocal-compat.conf",
                "apt-ostree LGPL-2+ apt-ostree-0-integration.conf",
                "apt-ostree LGPL-2+ apt-ostree-bootstatus.service",
                "apt-ostree LGPL-2+ apt-ostree-countme.service",
                "apt-ostree LGPL-2+ apt-ostree-countme.timer",
                "apt-ostree LGPL-2+ apt-ostree-fix-shadow-mode.service",
                "apt-ostree LGPL-2+ apt-ostreed-automatic.service",
                "apt-ostree LGPL-2+ apt-ostreed-automatic.timer",
                "apt-ostree LGPL-2+ apt-ostreed.conf",
                "apt-ostree LGPL-2+ apt-ostreed.service",
                "apt-ostree LGPL-2+ org.debian.aptostree1.conf",
                "apt-ostree LGPL-2+ org.debian.aptostree1.policy",
                "bootc Apache-2.0 or Expat bootc-destructive-cleanup.service",
                "bootc Apache-2.0 or Expat bootc-fetch-apply-updates.service",
                "bootc Apache-2.0 or Expat bootc-fetch-apply-updates.timer",
                "bootc Apache-2.0 or Expat bootc-publish-rhsm-facts.service",
                "bootc Apache-2.0 or Expat bootc-root-setup.service",
                "bootc Apache-2.0 or Expat bootc-status-updated-onboot.target",
                "bootc Apache-2.0 or Expat bootc-status-updated.path",
                "bootc Apache-2.0 or Expat bootc-status-updated.target",
                "bootc Apache-2.0 or Expat bootc-sysusers-shadow-sync.service",
                "bootc Apache-2.0 or Expat bootc-systemd-generator",
                "bootc Expat bootc-generic-growpart.service",
                "bootc LGPL-2+ bootc-finalize-staged.service",
                "bootc-baseimage Apache-2.0 or Expat 00-bootc-baseimage.conf",
                "bootc-baseimage Apache-2.0 or Expat prepare-root.conf",
                "bootc-dracut Apache-2.0 or Expat 10-bootc-base.conf");
    }

    private static String text(Deb deb, String path) throws IOException {
        return deb.tree().files().stream().filter(file -> file.path().value().equals(path)).findFirst().orElseThrow().content().text();
    }

    /** Lines of upstream's units that are easily lost and that nothing else here would miss. */
    @Test
    void keepWhatUpstreamsUnitsRelyOn() throws Exception {
        Map<String, String> lines = Map.of(
                "bootc bootc-sysusers-shadow-sync.service", "ConditionPathIsReadWrite=/etc",
                "bootc bootc-status-updated-onboot.target", "After=sysinit.target",
                "apt-ostree apt-ostreed.service", "NotifyAccess=main");
        for (Map.Entry<String, String> line : lines.entrySet()) {
            String[] where = line.getKey().split(" ");
            Deb deb = debs.stream().filter(one -> one.name().equals(where[0])).findFirst().orElseThrow();
            assertThat(text(deb, "/usr/lib/systemd/system/" + where[1]).lines()).as(line.getKey()).contains(line.getValue());
        }
    }

    @Test
    void shellScriptsAreCleanForShellcheck() throws Exception {
        List<Path> scripts = new ArrayList<>(withInterpreter(root(), "#!/bin/sh"));
        for (Deb deb : debs) {
            for (String script : deb.scripts().keySet()) {
                scripts.add(directory.resolve(deb.name() + "-DEBIAN").resolve(script));
            }
        }
        assertThat(scripts).hasSizeGreaterThan(10);
        for (Path script : scripts) {
            assertThat(Tool.run(0, "shellcheck", "--shell=sh", script.toString())).isEmpty();
        }
    }

    @Test
    void perlScriptsCompileWithoutAWarning() throws Exception {
        Path root = root();
        for (Path script : perl(root)) {
            assertThat(Tool.run(0, "perl", "-I" + root.resolve(MODULES), "-wc", script.toString()))
                    .isEqualTo(script + " syntax OK\n");
        }
    }

    /** {@code $} also matches before a newline at the end, and file names may end in one. */
    @Test
    void perlPatternsEndAtTheVeryEnd() throws Exception {
        Pattern dollar = Pattern.compile("(?<![\\\\$@%&])\\$(?:\\)|\\|(?! =)|[/}](?=[sgixre]*(?:[\\s;),\\]?{]|$)))");
        for (Path script : perl(root())) {
            assertThat(Files.readAllLines(script).stream()
                            .filter(line -> !line.matches("\\s*#.*|.*local \\$/.*"))
                            .filter(dollar.asPredicate()))
                    .as(script + ": \\z instead of $")
                    .isEmpty();
        }
    }

    private static final String MODULES = "usr/share/bootc-baseimage";

    private static List<Path> perl(Path root) throws IOException {
        List<Path> scripts = new ArrayList<>(withInterpreter(root, "#!/usr/bin/perl"));
        try (Stream<Path> walk = Files.walk(root.resolve(MODULES))) {
            walk.filter(path -> path.toString().endsWith(".pm")).forEach(scripts::add);
        }
        assertThat(scripts).hasSizeGreaterThan(3);
        return scripts;
    }

    private static List<Path> withInterpreter(Path root, String interpreter) throws IOException {
        List<Path> scripts = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).sorted().toList()) {
                if (new String(Files.readAllBytes(path), UTF_8).startsWith(interpreter)) {
                    scripts.add(path);
                }
            }
        }
        return scripts;
    }

    @Test
    void scriptsAreExecutableAndNothingElseIs() {
        assertThat(files().filter(file -> {
                    try {
                        return file.mode().isExecutable() != file.content().text().startsWith("#!");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .isEmpty();
    }

    @Test
    void unitsAreUnderstoodBySystemd() throws Exception {
        Path root = root();
        List<Path> units = new ArrayList<>();
        for (String kind : List.of(".service", ".timer", ".path", ".target")) {
            units.addAll(paths(root, "usr/lib/systemd/system", kind));
        }
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no", "--recursive-errors=no"));
        units.forEach(unit -> command.add(unit.toString()));
        Tool.Result result = Tool.run(command.toArray(String[]::new));
        // bootc's and apt-ostree's binaries are nowhere; our own helpers are in the packages, not on this machine
        assertThat(result.output().lines().filter(line -> {
                    Matcher missing = MISSING_COMMAND.matcher(line);
                    return !missing.find()
                            || !USERS_PROGRAMS.contains(missing.group(1)) && !Files.isExecutable(root.resolve(missing.group(1).substring(1)));
                }))
                .isEmpty();
    }

    @Test
    void dbusAndPolkitFilesAreWellFormed() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        int parsed = 0;
        for (Entry.File file : files().filter(f -> f.path().value().matches(".*/(dbus-1/system\\.d/.*\\.conf|actions/.*\\.policy)")).toList()) {
            factory.newDocumentBuilder().parse(new InputSource(new StringReader(file.content().text())));
            parsed++;
        }
        assertThat(parsed).isEqualTo(2);
    }

    @Test
    void tmpfilesAreUnderstoodBySystemd() throws Exception {
        Path root = root();
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
        for (Path file : paths(root, "usr/lib/tmpfiles.d", ".conf")) {
            assertThat(Tool.run(0, "systemd-tmpfiles", "--root=" + root, "--create", "--boot", file.toString())).isEmpty();
        }
    }

    @Test
    void sysusersAreUnderstoodBySystemd() throws Exception {
        Path root = root();
        for (Path file : paths(root, "usr/lib/sysusers.d", ".conf")) {
            assertThat(Tool.run(0, "systemd-sysusers", "--root=" + root, "--dry-run", file.toString())).doesNotContain("Failed", "Ignoring");
        }
    }
}
