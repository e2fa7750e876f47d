package io.github.debianatomic.maven.definition;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.Debs;
import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.Tool;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.tree.Content;
import io.github.debianatomic.maven.tree.DiskTree;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies over package bootc, and what comes of it. */
class LayersTest {

    @TempDir
    private Path directory;

    private Path file(String path, String mode) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "from " + path + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    private void elf(String path, String name) throws IOException {
        Path file = file(path, "rwxr-xr-x");
        Files.write(file, Files.readAllBytes(Path.of("src/test/resources/elf", name)));
    }

    private Layer destdir() throws IOException {
        return Layer.overlay("destdir", DiskTree.read(directory, "destdir"));
    }

    private static PackageOptions options(Map<String, String> fields, List<String> depends, List<String> excludes) {
        return new PackageOptions(Debs.OPTIONS.version(), Debs.OPTIONS.maintainer(), Debs.TIME, "Change.", List.of(), List.of(), Map.of(),
                Map.of("Depends", depends), fields, excludes, null);
    }

    private static Assembly assemble(PackageOptions options, Layer... over) throws IOException {
        List<Layer> layers = new ArrayList<>(List.of(BundledPackages.read("bootc")));
        layers.addAll(List.of(over));
        return PackageAssembler.assemble(layers, options);
    }

    private static Entry at(Assembly assembly, String path) {
        return assembly.deb().tree().get(new InstallPath(path));
    }

    // ---- trees over trees

    @Test
    void linksAndExecutableBitsAreKeptAndOtherModesAreNot() throws Exception {
        file("usr/lib/acme/run", "rwx------");
        file("usr/lib/acme/data", "rw-rw-rw-");
        Files.createSymbolicLink(directory.resolve("usr/lib/acme/link"), Path.of("data"));
        Files.createDirectories(directory.resolve("usr/lib/acme/empty.d"));
        Assembly assembly = assemble(Debs.OPTIONS, destdir());
        assertThat(at(assembly, "/usr/lib/acme/run").mode()).isEqualTo(Mode.EXECUTABLE);
        assertThat(at(assembly, "/usr/lib/acme/data").mode()).isEqualTo(Mode.FILE);
        assertThat(at(assembly, "/usr/lib/acme/link")).isEqualTo(new Entry.Link(new InstallPath("/usr/lib/acme/link"), "data"));
        assertThat(at(assembly, "/usr/lib/acme/empty.d")).isInstanceOf(Entry.Directory.class);
        assertThat(assembly.origins()).containsEntry(new InstallPath("/usr/lib/acme/run"), "destdir");
    }

    @Test
    void theLaterWinsAndSaysSo() throws Exception {
        file("usr/libexec/bootc-generic-growpart", "rw-r--r--");
        Assembly assembly = assemble(Debs.OPTIONS, destdir());
        assertThat(((Entry.File) at(assembly, "/usr/libexec/bootc-generic-growpart")).content().text())
                .isEqualTo("from usr/libexec/bootc-generic-growpart\n");
        assertThat(at(assembly, "/usr/libexec/bootc-generic-growpart").mode()).as("the package's rule").isEqualTo(Mode.EXECUTABLE);
        assertThat(assembly.decisions())
                .containsExactly("Replacing /usr/libexec/bootc-generic-growpart from packages/bootc by the one from destdir");
    }

    @Test
    void upstreamsUnitsGiveWayAndItsFilesForOthersAreLeftOut() throws Exception {
        file("usr/lib/systemd/system/bootc-fetch-apply-updates.service", "rw-r--r--");
        file("usr/lib/systemd/system/bootc-new.service", "rw-r--r--");
        file("usr/lib/bootc/fedora-bootc-destructive-cleanup", "rwxr-xr-x");
        file("usr/share/doc/bootc/baseimage/dracut/x", "rw-r--r--");
        file("usr/share/zsh/site-functions/_bootc", "rw-r--r--");
        file("usr/share/fish/completions/bootc.fish", "rw-r--r--");
        file("usr/share/bash-completion/completions/bootc", "rw-r--r--");
        file("usr/lib/bootc/initramfs-setup", "rwxr-xr-x");
        file("usr/lib/dracut/modules.d/51bootc/module-setup.sh", "rwxr-xr-x");
        Files.createDirectories(directory.resolve("usr/lib/systemd/system/multi-user.target.wants"));
        Files.createSymbolicLink(directory.resolve("usr/lib/systemd/system/multi-user.target.wants/bootc-status-updated.path"), Path.of("../x"));
        Assembly assembly = assemble(Debs.OPTIONS, destdir());
        assertThat(assembly.decisions()).containsExactlyInAnyOrder(
                "Leaving out /usr/lib/bootc/fedora-bootc-destructive-cleanup from destdir, which Debian has no use for",
                "Keeping /usr/lib/systemd/system/bootc-fetch-apply-updates.service from packages/bootc instead of the one from destdir",
                "Leaving out /usr/lib/systemd/system/multi-user.target.wants/bootc-status-updated.path from destdir, which Debian has no use for",
                "Leaving out /usr/share/doc/bootc/baseimage/dracut/x from destdir, which Debian has no use for",
                "Moving /usr/share/fish/completions/bootc.fish from destdir to /usr/share/fish/vendor_completions.d/bootc.fish",
                "Moving /usr/share/zsh/site-functions/_bootc from destdir to /usr/share/zsh/vendor-completions/_bootc");
        assertThat(at(assembly, "/usr/lib/systemd/system/bootc-new.service")).isNotNull();
        assertThat(at(assembly, "/usr/share/bash-completion/completions/bootc")).as("where Debian looks").isNotNull();
        // what bootc-dracut's configuration looks for
        assertThat(at(assembly, "/usr/lib/bootc/initramfs-setup").mode()).isEqualTo(Mode.EXECUTABLE);
        assertThat(at(assembly, "/usr/lib/dracut/modules.d/51bootc/module-setup.sh").mode()).isEqualTo(Mode.EXECUTABLE);
    }

    /** Directories, links and places as the Makefile of bootc 1.16.9 makes them. */
    @Test
    void theTreeThatUpstreamsMakeInstallLeavesIsTaken() throws Exception {
        for (String path : List.of("usr/bin/system-reinstall-bootc", "usr/lib/bootc/initramfs-setup",
                "usr/lib/systemd/system-generators/bootc-systemd-generator", "usr/lib/dracut/modules.d/51bootc/module-setup.sh")) {
            file(path, "rwxr-xr-x");
        }
        for (String path : List.of("usr/lib/systemd/system/bootc-status-updated.path", "usr/share/elvish/lib/bootc.elv",
                "usr/share/fish/vendor_completions.d/bootc.fish", "usr/share/zsh/site-functions/_bootc", "usr/share/man/man8/bootc.8",
                "usr/share/doc/bootc/baseimage/base/usr/lib/ostree/prepare-root.conf")) {
            file(path, "rw-r--r--");
        }
        elf("usr/bin/bootc", "x86_64-dynamic");
        for (String path : List.of("usr/lib/bootc/bound-images.d", "usr/lib/bootc/install", "usr/share/doc/bootc/baseimage/base/sysroot")) {
            Files.createDirectories(directory.resolve(path));
        }
        Files.createSymbolicLink(directory.resolve("usr/share/doc/bootc/baseimage/base/ostree"), Path.of("sysroot/ostree"));
        Files.createSymbolicLink(directory.resolve("usr/lib/bootc/storage"), Path.of("../../../../sysroot/ostree/bootc/storage"));
        Assembly assembly = assemble(options(Map.of(), List.of("libc6"), List.of()), destdir());
        assertThat(((Entry.Link) at(assembly, "/usr/lib/bootc/storage")).target()).isEqualTo("../../../sysroot/ostree/bootc/storage");
        assertThat(assembly.decisions()).contains("Keeping /usr/lib/bootc/storage from packages/bootc/control instead of the one from destdir");
        assertThat(at(assembly, "/usr/bin/bootc").mode()).isEqualTo(Mode.EXECUTABLE);
    }

    @Test
    void withTheProgramThePackageDependsOnWhatItCallsAndDescribesIt() throws Exception {
        assertThat(assemble(Debs.OPTIONS).deb().control()).containsEntry("Depends", "cloud-guest-utils, mount");
        assertThat(assemble(Debs.OPTIONS).deb().control().get("Description")).contains("Debian does not ship it");
        elf("usr/bin/bootc", "x86_64-dynamic");
        Map<String, String> control = assemble(options(Map.of(), List.of("libc6"), List.of()), destdir()).deb().control();
        assertThat(control).containsEntry("Depends", "cloud-guest-utils, mount, ostree, podman, skopeo, libc6");
        assertThat(control.get("Recommends")).endsWith("fdisk, dosfstools");
        assertThat(control.get("Description")).doesNotContain("does not ship", "missing");
        assertThat(assemble(options(Map.of(), List.of(), List.of("/usr/bin/bootc")), destdir()).deb().control())
                .as("what is left out counts as absent").containsEntry("Depends", "cloud-guest-utils, mount");
    }

    @Test
    void aProjectsFieldsReplaceTheConditionalOnesOfTheBundledPackage() throws Exception {
        elf("destdir/usr/bin/bootc", "x86_64-dynamic");
        Path folder = directory.resolve("folder");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("control"), "Depends: libc6\n\nWhen: /usr/bin/bootc\nDepends: acme\nProvides: acme-bootc\n\nWhen: /opt/x\nSuggests: never\n");
        Map<String, String> control = assemble(Debs.OPTIONS, Layer.project(folder, "folder"),
                Layer.overlay("destdir", DiskTree.read(directory.resolve("destdir"), "destdir"))).deb().control();
        assertThat(control).containsEntry("Depends", "libc6, acme").containsEntry("Provides", "acme-bootc").containsEntry("Suggests", "bootc-dracut");
    }

    @Test
    void whenAcceptsADirectoryThatThePackageContainsOnlyAsAParent() throws Exception {
        file("destdir/usr/lib/acme/data", "rw-r--r--");
        file("destdir/usr/share/man/man8/acme.8", "rw-r--r--");
        Path folder = Files.createDirectories(directory.resolve("folder"));
        Files.writeString(folder.resolve("control"), """
                When: /usr/lib/acme
                Provides: acme-directory

                When: /usr/share/man/man8/acme.8
                Provides: acme-page

                When: /usr/lib/ac
                Provides: never

                Link: /usr/lib/current
                Target: acme
                When: /usr/lib/acme

                Link: /usr/lib/other/self
                Target: ../x
                When: /usr/lib/other
                """);
        Assembly assembly = assemble(Debs.OPTIONS, Layer.project(folder, "folder"),
                Layer.overlay("destdir", DiskTree.read(directory.resolve("destdir"), "destdir")));
        assertThat(assembly.deb().control()).containsEntry("Provides", "acme-directory, acme-page");
        assertThat(at(assembly, "/usr/lib/current")).isNotNull();
        assertThat(at(assembly, "/usr/lib/other/self")).as("a link does not meet its own condition").isNull();
    }

    @Test
    void aMovedLinkKeepsTheDotsThatStayWithinTheRootAtItsNewPath() throws Exception {
        Files.createDirectories(directory.resolve("destdir/acme"));
        Files.createSymbolicLink(directory.resolve("destdir/acme/tool"), Path.of("../../../../bin/tool"));
        Path folder = Files.createDirectories(directory.resolve("folder"));
        Files.writeString(folder.resolve("control"), "Overlay: /acme/*\nAction: move\nTarget: /usr/lib/acme\n");
        Assembly assembly = assemble(Debs.OPTIONS, Layer.project(folder, "folder"),
                Layer.overlay("destdir", DiskTree.read(directory.resolve("destdir"), "destdir")));
        assertThat(at(assembly, "/usr/lib/acme/tool")).isEqualTo(new Entry.Link(new InstallPath("/usr/lib/acme/tool"), "../../../bin/tool"));
    }

    @Test
    void aLinkThatClimbsAboveTheRootAfterANameIsRefusedUnlessItIsLeftOut() throws Exception {
        Files.createDirectories(directory.resolve("a"));
        Files.createSymbolicLink(directory.resolve("a/b"), Path.of("x/../../../../c"));
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, destdir())).hasMessage("destdir: link /a/b has the target 'x/../../../../c', which climbs above"
                + " the root after a name; expected a path within the root, so write fewer '..'");
        assertThat(at(assemble(options(Map.of(), List.of(), List.of("/a/b")), destdir()), "/a/b")).isNull();
    }

    @Test
    void whatNoPackageMayHoldIsOfNoConcernWhereItIsLeftOut() throws Exception {
        Files.createDirectories(directory.resolve("usr/share/doc/bootc/baseimage"));
        Tool.run(0, "mkfifo", directory + "/usr/share/doc/bootc/baseimage/pipe", directory + "/pipe");
        file("usr/share/doc/bootc/baseimage/a\tb", "rw-r--r--");
        Layer program = Layer.overlay("a.zip", List.of(new Entry.File(new InstallPath("/run"), Mode.UNKNOWN, Content.of("#!/bin/sh\n"))));
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, destdir())).hasMessage("destdir/pipe: is neither a file, a link nor a directory; delete it");
        assertThat(assemble(options(Map.of(), List.of(), List.of("/pipe", "/run")), destdir(), program).decisions()).contains(
                "Leaving out /usr/share/doc/bootc/baseimage/pipe from destdir, which Debian has no use for",
                "Leaving out /usr/share/doc/bootc/baseimage/a?b from destdir, which Debian has no use for",
                "Leaving out /pipe as <excludes> says");
    }

    @Test
    void manPagesAreCompressedAndLinksToThemFollow() throws Exception {
        file("usr/share/man/man8/bootc.8", "rw-r--r--");
        Files.createSymbolicLink(directory.resolve("usr/share/man/man8/boot-c.8"), Path.of("bootc.8"));
        Files.createSymbolicLink(directory.resolve("usr/share/man/man8/b.8"), Path.of("../man8/boot-c.8"));
        Files.createSymbolicLink(directory.resolve("usr/share/man/man8/elsewhere.8"), Path.of("other.8.gz"));
        Assembly assembly = assemble(Debs.OPTIONS, destdir());
        assertThat(at(assembly, "/usr/share/man/man8/bootc.8.gz")).isNotNull();
        assertThat(((Entry.Link) at(assembly, "/usr/share/man/man8/boot-c.8.gz")).target()).isEqualTo("bootc.8.gz");
        assertThat(((Entry.Link) at(assembly, "/usr/share/man/man8/b.8.gz")).target()).isEqualTo("../man8/boot-c.8.gz");
        assertThat(((Entry.Link) at(assembly, "/usr/share/man/man8/elsewhere.8")).target()).as("of another package").isEqualTo("other.8.gz");
    }

    @Test
    void theModeOfADirectoryParagraphStays() throws Exception {
        Path folder = directory.resolve("folder");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("control"), "Priority: extra\n\nDirectory: /usr/lib/acme/private\nMode: 0700\n");
        Files.createDirectories(directory.resolve("destdir/usr/lib/acme/private"));
        Assembly assembly = assemble(Debs.OPTIONS, Layer.project(folder, "folder"),
                Layer.overlay("destdir", DiskTree.read(directory.resolve("destdir"), "destdir")));
        assertThat(at(assembly, "/usr/lib/acme/private").mode()).hasToString("0700");
    }

    // ---- directories on disk

    @Test
    void aDirectoryMayBeALinkItself() throws Exception {
        file("dist-1.2/usr/lib/acme/data", "rw-r--r--");
        Files.createSymbolicLink(directory.resolve("dist"), Path.of("dist-1.2"));
        assertThat(DiskTree.read(directory.resolve("dist"), "dist")).extracting(Entry::path).containsExactly(new InstallPath("/usr/lib/acme/data"));
    }

    @Test
    void aBackslashIsPartOfAName() throws Exception {
        file("usr/lib/systemd/system/var-lib-my\\x2dapp.mount", "rw-r--r--");
        assertThat(DiskTree.read(directory, "x")).extracting(Entry::path).containsExactly(new InstallPath("/usr/lib/systemd/system/var-lib-my\\x2dapp.mount"));
    }

    @Test
    void aNameThatJavaCannotReadIsRefused() throws Exception {
        Tool.run(0, "sh", "-c", "touch " + directory + "/\"$(printf 'caf\\351')\""); // Latin 1
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, destdir())).isInstanceOf(InvalidPackageException.class)
                .hasMessageStartingWith("destdir/caf").hasMessageEndingWith("has characters that Java cannot read in this locale; set LC_ALL=C.UTF-8 for Maven");
    }

    @Test
    void excludesLeaveOutAndMustMatch() throws Exception {
        Assembly assembly = assemble(options(Map.of(), List.of(), List.of("/usr/lib/systemd/system/bootc-root-setup.service")));
        assertThat(at(assembly, "/usr/lib/systemd/system/bootc-root-setup.service")).isNull();
        assertThatThrownBy(() -> assemble(options(Map.of(), List.of(), List.of("/opt/*"))))
                .hasMessage("<excludes>: '/opt/*' matches no path of the package; correct or delete it");
    }

    @Test
    void aScriptWithLinesOfWindowsIsRefusedAndAnArchiveBehindOneIsNot() throws Exception {
        Files.writeString(file("usr/lib/acme/run", "rwxr-xr-x"), "#!/bin/sh\nexit 0\n\0\r\n");
        assertThat(at(assemble(Debs.OPTIONS, destdir()), "/usr/lib/acme/run")).isNotNull();
        Files.writeString(directory.resolve("usr/lib/acme/run"), "#!/bin/sh\r\nexit 0\r\n");
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, destdir())).hasMessage("destdir: /usr/lib/acme/run has lines that end in CR LF; expected LF"
                + " alone (in git: mark the file `-text` in .gitattributes)");
    }

    @Test
    void aProgramWithoutAModeNeedsARule() {
        Layer zip = Layer.overlay("a.zip", List.of(new Entry.File(new InstallPath("/usr/lib/acme/run"), Mode.UNKNOWN, Content.of("#!/bin/sh\n"))));
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, zip)).hasMessage("a.zip: /usr/lib/acme/run is a program, and where it comes from has no"
                + " modes; add a paragraph 'Files: /usr/lib/acme/run' with 'Mode: 0755' to the package's control");
    }

    @Test
    void aProjectsControlAddsParagraphsAndOverridesFields() throws Exception {
        Files.createDirectories(directory.resolve("root/usr/lib/acme"));
        Files.writeString(directory.resolve("control"), "Priority: extra\n\nLink: /usr/lib/acme/x\nTarget: y\n\nUnit: bootc-fetch-apply-updates.timer\nEnable: yes\n");
        Assembly assembly = assemble(Debs.OPTIONS, Layer.project(directory, "src/main/debian-atomic/bootc"));
        assertThat(assembly.deb().control()).containsEntry("Priority", "extra").containsEntry("Section", "admin");
        assertThat(at(assembly, "/usr/lib/acme/x")).isNotNull();
        assertThat(assembly.deb().scripts().get("postinst")).contains("enable_unit bootc-fetch-apply-updates.timer");
    }

    @Test
    void aPathThatALayerHasTwiceIsRefusedOverABundledPackageToo() throws Exception {
        Files.createDirectories(directory.resolve("root/usr/lib/acme"));
        Files.writeString(directory.resolve("root/usr/lib/acme/x"), "");
        Files.writeString(directory.resolve("control"), "Priority: extra\n\nLink: /usr/lib/acme/x\nTarget: y\n");
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, Layer.project(directory, "own")))
                .hasMessage("own/control: path /usr/lib/acme/x comes twice, as a file and as a link; keep one of them");
    }

    @Test
    void aProjectsControlDecidesOnOverlaysAndOffersChoices() throws Exception {
        Path folder = directory.resolve("folder");
        Files.createDirectories(folder.resolve("root/usr/lib/acme"));
        Files.writeString(folder.resolve("root/usr/lib/acme/b"), "");
        Files.writeString(folder.resolve("control"), "Priority: extra\n\nOverlay: /usr/share/foo/*\nAction: drop\n\nChoice: flavour\nValues: a b\n\nFiles: /usr/lib/acme/b\nWhen: flavour=b\n");
        file("destdir/usr/share/foo/x", "rw-r--r--");
        Layer[] over = {Layer.project(folder, "folder"), Layer.overlay("destdir", DiskTree.read(directory.resolve("destdir"), "destdir"))};
        Assembly assembly = assemble(Debs.OPTIONS, over);
        assertThat(assembly.decisions()).contains("Leaving out /usr/share/foo/x from destdir, which Debian has no use for");
        assertThat(at(assembly, "/usr/lib/acme/b")).isNull();
        PackageOptions b = new PackageOptions(Debs.OPTIONS.version(), Debs.OPTIONS.maintainer(), Debs.TIME, "Change.", List.of(), List.of(),
                Map.of("flavour", "b"), Map.of(), Map.of(), List.of(), null);
        assertThat(at(assemble(b, over), "/usr/lib/acme/b")).isNotNull();
    }

    @Test
    void aChangelogOfTheProjectIsCheckedAndTaken() throws Exception {
        Files.writeString(directory.resolve("changelog"), "bootc (1.0.0) trixie; urgency=medium\n\n  * Ours.\n\n -- A B <a@b.example>  Mon, 23 Nov 2026 02:15:00 +0000\n");
        assertThat(assemble(Debs.OPTIONS, Layer.project(directory, "x")).deb().tree().get(new InstallPath("/usr/share/doc/bootc/changelog.gz"))).isNotNull();
        Files.writeString(directory.resolve("changelog"), "bootc (1.0.0) trixie; urgency=medium\n\n  * Ours.\n -- A B a@b\n");
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, Layer.project(directory, "x"))).hasMessage("x/changelog:4: ' -- A B a@b' is not a change or"
                + " the end of an entry; expected two blanks and a text, or ' -- Name <mail>  Mon, 23 Nov 2026 02:15:00 +0000'");
    }

    // ---- binaries

    @Test
    void aBinaryDecidesTheArchitectureAndBringsItsLinks() throws Exception {
        elf("usr/bin/bootc", "x86_64-dynamic");
        elf("usr/lib/bootc/program.bpf", "bpf");
        Assembly assembly = assemble(options(Map.of(), List.of("libc6 (>= 2.41)"), List.of()), destdir());
        assertThat(assembly.deb().architecture()).isEqualTo("amd64");
        assertThat(assembly.deb().fileName()).isEqualTo("bootc_1.0.0_amd64.deb");
        assertThat(at(assembly, "/usr/libexec/libostree/ext/ostree-container"))
                .isEqualTo(new Entry.Link(new InstallPath("/usr/libexec/libostree/ext/ostree-container"), "../../../bin/bootc"));
        assertThat(assembly.decisions()).isEmpty();
    }

    @Test
    void withoutTheBinaryItsLinksStayOut() throws Exception {
        assertThat(at(assemble(Debs.OPTIONS), "/usr/libexec/libostree/ext/ostree-container")).isNull();
    }

    @Test
    void twoArchitecturesAreAnErrorThatNamesBothFiles() throws Exception {
        elf("usr/bin/bootc", "x86_64-dynamic");
        elf("usr/lib/bootc/initramfs-setup", "aarch64-static");
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, destdir())).isInstanceOf(InvalidPackageException.class)
                .hasMessage("package bootc: /usr/bin/bootc is of amd64 and /usr/lib/bootc/initramfs-setup of arm64; a package has one architecture,"
                        + " so build one for each, with a <classifier> of its own");
    }

    @Test
    void anArchitectureOfTheUsersMustAgree() throws Exception {
        elf("usr/bin/bootc", "aarch64-static");
        assertThatThrownBy(() -> assemble(options(Map.of("Architecture", "amd64"), List.of(), List.of()), destdir()))
                .hasMessage("package bootc: /usr/bin/bootc is of arm64, but the package's Architecture says amd64; delete that field, or bring"
                        + " binaries of amd64");
    }

    /** It is the project's own, whatever its directory is called. */
    @Test
    void anArchitectureOfAFolderInADirectoryCalledPackagesMustAgreeToo() throws Exception {
        elf("destdir/usr/bin/bootc", "aarch64-static");
        file("packages/bootc/control", "rw-r--r--");
        Files.writeString(directory.resolve("packages/bootc/control"), "Architecture: amd64\n");
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, Layer.project(directory.resolve("packages/bootc"), "packages/bootc"),
                Layer.overlay("destdir", DiskTree.read(directory.resolve("destdir"), "destdir"))))
                .hasMessage("package bootc: /usr/bin/bootc is of arm64, but the package's Architecture says amd64; delete that field, or bring"
                        + " binaries of amd64");
    }

    @Test
    void aLibraryThatNoDependencyBringsIsAnErrorThatShowsWhatToWrite() throws Exception {
        elf("usr/bin/bootc", "aarch64-dynamic");
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, destdir())).hasMessage("package bootc: no dependency brings the shared libraries that its"
                + " programs need; write <depend>libc6</depend> into <depends> of its block (names as of trixie, or after the soname; <shlibdeps> asks Debian for them), for libc.so.6 (/usr/bin/bootc)");
    }

    @Test
    void howABinaryWasLinkedIsSaidAsLintianWould() throws Exception {
        elf("usr/bin/bootc", "x86_64-static");
        assertThat(assemble(Debs.OPTIONS, destdir()).decisions()).containsExactly(
                "/usr/bin/bootc is not stripped (lintian: unstripped-binary-or-object)",
                "/usr/bin/bootc is not position-independent (lintian: hardening-no-pie)",
                "/usr/bin/bootc is linked statically (lintian: statically-linked-binary)");
    }

    @Test
    void aBrokenBinaryIsSaidToBe() throws Exception {
        Path file = file("usr/bin/bootc", "rwxr-xr-x");
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(Path.of("src/test/resources/elf/x86_64-dynamic")), 100));
        assertThatThrownBy(() -> assemble(Debs.OPTIONS, destdir())).hasMessage("package bootc: /usr/bin/bootc begins as an ELF file but is broken"
                + " (it ends before its program headers); build it again");
    }

    // ---- dependencies by dpkg-shlibdeps

    private PackageOptions shlibdeps(List<String> depends) {
        return new PackageOptions(Debs.OPTIONS.version(), Debs.OPTIONS.maintainer(), Debs.TIME, "Change.", List.of(), List.of(), Map.of(),
                Map.of("Depends", depends), Map.of(), List.of(), directory.resolveSibling(directory.getFileName() + ".shlibdeps"));
    }

    @Test
    void dpkgShlibdepsAnswersWhenItIsAskedTo() throws Exception {
        Tool.require("dpkg-shlibdeps");
        file("usr/bin/bootc", "rwxr-xr-x");
        Files.copy(Path.of("/usr/bin/dpkg"), directory.resolve("usr/bin/bootc"), StandardCopyOption.REPLACE_EXISTING); // a program of this machine
        Assembly assembly = assemble(shlibdeps(List.of("procps")), destdir());
        String depends = assembly.deb().control().get("Depends");
        assertThat(depends).matches("cloud-guest-utils, mount, ostree, podman, skopeo, procps, libc6 \\(>= [0-9.]+\\), .*");
        assertThat(assembly.decisions()).anyMatch(line -> line.matches("Depends on libc6 .*, found by dpkg-shlibdeps [0-9.]+ in the libraries of .+"));
        assertThat(directory.resolveSibling(directory.getFileName() + ".shlibdeps")).doesNotExist();
    }

    private static String thisMachines() throws Exception {
        return Tool.run(0, "dpkg", "--print-architecture").strip().equals("arm64") ? "aarch64-dynamic" : "x86_64-dynamic";
    }

    @Test
    void librariesOfThePackageItselfAreNotAskedFor() throws Exception {
        Tool.require("dpkg-shlibdeps");
        elf("usr/bin/bootc", thisMachines());
        Path program = directory.resolve("usr/bin/bootc");
        String needing = Files.readString(program, ISO_8859_1).replace("libc.so.6", "libq.so.6");
        Files.writeString(program, needing, ISO_8859_1);
        assertThatThrownBy(() -> assemble(shlibdeps(List.of()), destdir())).isInstanceOf(InvalidPackageException.class)
                .hasMessageMatching("package bootc: dpkg-shlibdeps [0-9.]+ finds no package of .+ for a shared library \\(.*cannot find library libq\\.so\\.6"
                        + " needed by /usr/bin/bootc .*\\); install the package that has it, or delete <shlibdeps> and write <depends>");
        elf("usr/lib/acme/libq.so.6.1", thisMachines());
        Files.createSymbolicLink(directory.resolve("usr/lib/acme/libq.so.6"), Path.of("libq.so.6.1"));
        assertThat(assemble(shlibdeps(List.of()), destdir()).deb().control().get("Depends")).matches("cloud-guest-utils, mount, ostree, podman, skopeo, libc6( \\(>= [0-9.]+\\))?");
    }

    @Test
    void anotherArchitectureIsNotThisMachines() throws Exception {
        Tool.require("dpkg-shlibdeps");
        elf("usr/bin/bootc", thisMachines().equals("aarch64-dynamic") ? "x86_64-dynamic" : "aarch64-dynamic");
        assertThatThrownBy(() -> assemble(shlibdeps(List.of()), destdir())).isInstanceOf(InvalidPackageException.class).hasMessageMatching(
                "package bootc: its binaries are of \\w+, and <shlibdeps> reads the libraries of this machine, which is of \\w+; build on \\w+,"
                        + " or delete <shlibdeps> and write <depends>");
    }

    @Test
    void nothingToAskForIsSaid() {
        assertThatThrownBy(() -> assemble(shlibdeps(List.of()))).hasMessage(
                "package bootc: <shlibdeps> is true, and no file of the package needs a shared library; delete it");
    }

    // ---- settings

    private static Settings settings(String composefs, String release, String rootFsType, String... kernelArguments) {
        return new Settings(Map.of(), composefs, release, rootFsType, List.of(kernelArguments), null, null);
    }

    private static Settings schedule(Map<String, String> parts) {
        return new Settings(parts, null, null, null, List.of(), null, null);
    }

    private static String setting(String packageName, Settings settings, String path) throws IOException {
        Layer layer = settings.over(BundledPackages.read(packageName));
        return layer.entries().stream().filter(entry -> entry.path().value().equals(path)).map(Entry.File.class::cast).findFirst().orElseThrow()
                .content().text();
    }

    @Test
    void aScheduleBecomesATimersDropIn() throws Exception {
        assertThat(setting("bootc", schedule(Map.of("interval", "1d", "onBoot", "30min")),
                        "/usr/lib/systemd/system/bootc-fetch-apply-updates.timer.d/10-schedule.conf"))
                .endsWith("[Timer]\nOnBootSec=\nOnBootSec=30min\nOnUnitInactiveSec=1d\nRandomizedDelaySec=2h\n");
    }

    @Test
    void composefsIsSaidInPrepareRootConf() throws Exception {
        assertThat(setting("bootc-baseimage", settings("yes", "forky", null), "/usr/lib/ostree/prepare-root.conf"))
                .contains("\nenabled = true\n")
                .contains("readonly = true");
        assertThatThrownBy(() -> settings("yes", null, null).over(BundledPackages.read("bootc-baseimage")))
                .hasMessage("<composefs> of package bootc-baseimage: 'yes' fits no image of trixie, whose OSTree has no composefs and could not deploy"
                        + " it; write 'maybe', or set <release> to the later one the image is built from");
    }

    @Test
    void rootFileSystemAndKernelArgumentsAreSaidInToml() throws Exception {
        assertThat(setting("bootc-baseimage", settings(null, null, "xfs"), "/usr/lib/bootc/install/00-bootc-baseimage.toml"))
                .contains("\ntype = \"xfs\"\n");
        assertThat(setting("bootc-baseimage", settings(null, null, null, "console=ttyS0", "quiet"), "/usr/lib/bootc/kargs.d/10-project.toml"))
                .endsWith("kargs = [\"console=ttyS0\", \"quiet\"]\n");
    }

    @Test
    void aBusNameAndAProgramReplaceTheDefaultsInEveryPathTextAndScript() throws Exception {
        Replacements names = new Settings(Map.of(), null, null, null, List.of(), "com.example.Layers", "/usr/libexec/layers/run").names();
        Deb renamed = PackageAssembler.assemble(List.of(BundledPackages.read("apt-ostree", names)), Debs.OPTIONS).deb();
        String replaced = texts(renamed);
        assertThat(replaced)
                .doesNotContain("org.debian.aptostree1", "/usr/bin/apt-ostree")
                .contains("/usr/share/dbus-1/system.d/com.example.Layers.conf", "/usr/share/dbus-1/system-services/com.example.Layers.service",
                        "/usr/share/polkit-1/actions/com.example.Layers.policy", "<action id=\"com.example.Layers.upgrade\">",
                        "BusName=com.example.Layers\n", "ConditionFileIsExecutable=/usr/libexec/layers/run\n");
        // nothing else changes
        assertThat(replaced.replace("com.example.Layers", "org.debian.aptostree1").replace("/usr/libexec/layers/run", "/usr/bin/apt-ostree").lines())
                .containsExactlyInAnyOrderElementsOf(texts(Debs.bundled("apt-ostree")).lines().toList());
    }

    private static String texts(Deb deb) throws IOException {
        StringBuilder text = new StringBuilder();
        deb.control().forEach((field, value) -> text.append(field.equals("Installed-Size") ? "" : field + ": " + value + "\n"));
        deb.scripts().forEach((name, script) -> text.append(name).append('\n').append(script));
        for (Entry.File file : deb.tree().files()) {
            text.append(file.path()).append('\n').append(file.content().text()).append('\n');
        }
        return text.toString();
    }

    @Test
    void aSettingOfNoMeaningIsRefused() {
        assertThatThrownBy(() -> schedule(Map.of("interval", "often")).over(BundledPackages.read("bootc")))
                .hasMessage("<updateSchedule><interval> of package bootc: 'often' is no time span; expected one of systemd.time(7), such as 30min or 1h 30min");
    }
}
