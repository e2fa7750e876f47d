package io.github.debianatomic.maven.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.debianatomic.maven.Debs;
import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.tree.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A folder that builds; each test breaks or changes one thing in it. */
class DefinitionTest {

    private static final String CONTROL =
            """
            Package: acme-agent
            Section: admin
            Priority: optional
            Architecture: all
            Depends: systemd,
             procps
            Homepage: https://acme.example
            Description: agent of Acme
             It reports to Acme.
             .
               verbatim

            Files: /usr/libexec/*
            Mode: 0755

            Link: /usr/lib/acme/storage
            Target: ../../../sysroot/acme

            Directory: /usr/lib/acme/conf.d

            Unit: acme.timer
            Enable: no

            Unit: acme.service
            Enable: yes

            Trigger: update-initramfs
            Directive: activate-noawait

            Choice: flavour
            Values: plain fancy

            Files: /usr/lib/tmpfiles.d/acme-plain.conf
            When: flavour=plain

            Files: /usr/lib/tmpfiles.d/acme-fancy.conf
            When: flavour=fancy
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        write("control", CONTROL);
        write("root/usr/libexec/acme", "#!/bin/sh\n");
        write("root/etc/acme.conf", "# nothing set\n");
        write("root/usr/lib/systemd/system/acme.timer", "[Timer]\nOnBootSec=1h\n\n[Install]\nWantedBy=timers.target\n");
        write("root/usr/lib/systemd/system/acme.service", "[Service]\nExecStart=/usr/libexec/acme\n\n[Install]\nWantedBy=multi-user.target\n");
        write("root/usr/lib/systemd/system/acme@.service", "[Service]\nExecStart=/usr/libexec/acme %i\n");
        write("root/usr/lib/sysusers.d/acme.conf", "u acme -\n");
        write("root/usr/lib/tmpfiles.d/acme-plain.conf", "d /run/acme\n");
        write("root/usr/lib/tmpfiles.d/acme-fancy.conf", "d /run/acme 0700\n");
        write("root/usr/share/man/man8/acme.8", ".TH acme 8\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void replace(String path, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(path));
        assertThat(text).contains(from);
        write(path, text.replace(from, to));
    }

    private Deb assemble(PackageOptions options) throws IOException {
        return PackageAssembler.assemble(List.of(Layer.bundled(folder, "packages/acme-agent", Replacements.NONE)), options).deb();
    }

    private static PackageOptions with(List<String> enabled, List<String> disabled, Map<String, String> choices, Map<String, List<String>> relations) {
        return new PackageOptions(
                Debs.OPTIONS.version(), Debs.OPTIONS.maintainer(), Debs.TIME, Debs.OPTIONS.change(), enabled, disabled, choices, relations,
                Map.of(), List.of(), null);
    }

    private String failure() {
        return failure(Debs.OPTIONS);
    }

    private String failure(PackageOptions options) {
        Throwable failure = catchThrowable(() -> assemble(options));
        assertThat(failure).isInstanceOf(InvalidPackageException.class);
        return failure.getMessage();
    }

    private static String listing(Deb deb) {
        return deb.tree().entries().stream()
                .filter(entry -> !(entry instanceof Entry.Directory))
                .map(entry -> entry.mode() + " " + entry.path())
                .collect(Collectors.joining("\n"));
    }

    private static String text(Deb deb, String path) throws IOException {
        return ((Entry.File) deb.tree().get(new io.github.debianatomic.maven.tree.InstallPath(path))).content().text();
    }

    // ---- what comes out

    @Test
    void shipsFilesWithTheirModesLinksAndWhatIsDerived() throws Exception {
        assertThat(listing(assemble(Debs.OPTIONS)))
                .isEqualTo(
                        """
                        0644 /etc/acme.conf
                        0777 /usr/lib/acme/storage
                        0644 /usr/lib/systemd/system-preset/50-acme-agent.preset
                        0644 /usr/lib/systemd/system/acme.service
                        0644 /usr/lib/systemd/system/acme.timer
                        0644 /usr/lib/systemd/system/acme@.service
                        0644 /usr/lib/sysusers.d/acme.conf
                        0644 /usr/lib/tmpfiles.d/acme-plain.conf
                        0755 /usr/libexec/acme
                        0644 /usr/share/doc/acme-agent/changelog.gz
                        0644 /usr/share/man/man8/acme.8.gz""");
    }

    @Test
    void writesControlFieldsInDpkgsOrder() throws Exception {
        assertThat(assemble(with(List.of(), List.of(), Map.of(), Map.of("Depends", List.of("curl"), "Recommends", List.of("jq"))))
                        .control()
                        .entrySet()
                        .stream()
                        .map(field -> field.getKey() + ": " + field.getValue())
                        .collect(Collectors.joining("\n")))
                .isEqualTo(
                        """
                        Package: acme-agent
                        Version: 1.0.0
                        Architecture: all
                        Maintainer: Example Platform Team <platform@example.com>
                        Installed-Size: 28
                        Depends: systemd, procps, curl
                        Recommends: jq
                        Section: admin
                        Priority: optional
                        Homepage: https://acme.example
                        Description: agent of Acme
                         It reports to Acme.
                         .
                           verbatim""");
    }

    @Test
    void presetAndMaintainerScriptsAgree() throws Exception {
        Deb deb = assemble(Debs.OPTIONS);
        assertThat(text(deb, "/usr/lib/systemd/system-preset/50-acme-agent.preset"))
                .isEqualTo("# Agrees with the maintainer scripts of acme-agent.\nenable acme.service\ndisable acme.timer\n");
        assertThat(deb.triggers()).containsExactly("activate-noawait update-initramfs");
        assertThat(deb.scripts().entrySet().stream().map(s -> "== " + s.getKey() + "\n" + s.getValue()).collect(Collectors.joining()))
                .isEqualTo(
                        """
                        == postinst
                        #!/bin/sh
                        set -e

                        case "$1" in
                        configure | abort-upgrade | abort-deconfigure | abort-remove)
                            systemd-sysusers ${DPKG_ROOT:+--root="$DPKG_ROOT"} acme.conf
                            # what is there already, with another type, is left alone and makes it fail
                            systemd-tmpfiles ${DPKG_ROOT:+--root="$DPKG_ROOT"} --create acme-plain.conf || true
                            enable_unit() {
                                # only masks that deb-systemd-helper itself made
                                deb-systemd-helper unmask "$1" >/dev/null || true
                                # true on a first installation, afterwards what the administrator chose
                                if deb-systemd-helper --quiet was-enabled "$1"; then
                                    deb-systemd-helper enable "$1" >/dev/null || true
                                else
                                    deb-systemd-helper update-state "$1" >/dev/null || true
                                fi
                            }
                            enable_unit acme.service
                            keep_unit() {
                                # enabled only where an administrator enabled it before
                                if deb-systemd-helper debian-installed "$1"; then
                                    deb-systemd-helper unmask "$1" >/dev/null || true
                                    if deb-systemd-helper --quiet was-enabled "$1"; then
                                        deb-systemd-helper enable "$1" >/dev/null || true
                                    fi
                                fi
                                deb-systemd-helper update-state "$1" >/dev/null || true
                            }
                            keep_unit acme.timer
                            if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
                                systemctl --system daemon-reload >/dev/null || true
                            fi
                            ;;
                        esac
                        == prerm
                        #!/bin/sh
                        set -e

                        if [ -z "${DPKG_ROOT:-}" ] && [ "$1" = remove ] && [ -d /run/systemd/system ]; then
                            deb-systemd-invoke stop acme.service acme.timer >/dev/null || true
                        fi
                        == postrm
                        #!/bin/sh
                        set -e

                        if [ "$1" = remove ]; then
                            if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
                                systemctl --system daemon-reload >/dev/null || true
                            fi
                        fi
                        if [ "$1" = purge ]; then
                            deb-systemd-helper purge acme.service acme.timer >/dev/null || true
                        fi
                        """);
    }

    @Test
    void aProjectsChoiceChangesPresetAndScriptsTogether() throws Exception {
        Deb deb = assemble(with(List.of("acme.timer"), List.of("acme.service"), Map.of(), Map.of()));
        assertThat(text(deb, "/usr/lib/systemd/system-preset/50-acme-agent.preset")).contains("disable acme.service\nenable acme.timer\n");
        assertThat(deb.scripts().get("postinst").lines().map(String::strip).filter(line -> line.endsWith("_unit acme.timer") || line.endsWith("_unit acme.service")))
                .containsExactly("enable_unit acme.timer", "keep_unit acme.service");
    }

    @Test
    void aChoiceShipsItsOwnFile() throws Exception {
        assertThat(listing(assemble(with(List.of(), List.of(), Map.of("flavour", "fancy"), Map.of()))))
                .contains("acme-fancy.conf")
                .doesNotContain("acme-plain.conf");
    }

    @Test
    void aHandWrittenScriptKeepsItsPlaceForWhatIsDerived() throws Exception {
        write("postinst", "#!/bin/sh\nset -e\necho before\n#DEBHELPER#\necho after\n");
        write("preinst", "#!/bin/sh\nset -e\n#DEBHELPER#\n");
        Map<String, String> scripts = assemble(Debs.OPTIONS).scripts();
        assertThat(scripts.get("postinst")).startsWith("#!/bin/sh\nset -e\necho before\ncase \"$1\" in\n").endsWith("esac\necho after\n");
        assertThat(scripts.get("preinst")).isEqualTo("#!/bin/sh\nset -e\n");
    }

    @Test
    void aRevisionMakesTheChangelogDebians() throws Exception {
        PackageOptions options = new PackageOptions(
                new io.github.debianatomic.maven.deb.DebianVersion("1.0.0", "1"), Debs.OPTIONS.maintainer(), Debs.TIME, "Change.", List.of(),
                List.of(), Map.of(), Map.of(), Map.of(), List.of(), null);
        assertThat(listing(assemble(options))).contains("/usr/share/doc/acme-agent/changelog.Debian.gz");
    }

    // ---- bad input

    @Test
    void unknownFieldOfTheFirstParagraph() throws Exception {
        replace("control", "Homepage:", "Home-Page:");
        assertThat(failure()).startsWith("packages/acme-agent/control:7: field Home-Page is unknown; expected one of Architecture, Breaks, ");
    }

    @Test
    void computedField() throws Exception {
        replace("control", "Section: admin\n", "Section: admin\nVersion: 1.0\n");
        assertThat(failure()).startsWith("packages/acme-agent/control:3: field Version is taken from the project's version or the parameter version; ");
    }

    @Test
    void unknownFieldOfALaterParagraph() throws Exception {
        replace("control", "Mode: 0755", "Modes: 0755");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:14: field Modes is unknown; expected one of Mode, When");
    }

    @Test
    void unknownParagraph() throws Exception {
        replace("control", "Directory: ", "Dir: ");
        assertThat(failure())
                .isEqualTo("packages/acme-agent/control:19: field Dir is unknown; expected one of Choice, Directory, Files, Link, Overlay, Trigger, Unit, When");
    }

    @Test
    void fieldTwice() throws Exception {
        replace("control", "Section: admin\n", "Section: admin\nsection: net\n");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:3: field section comes twice in one paragraph, first in line 2; keep one, or"
                + " put an empty line between two paragraphs");
    }

    @Test
    void missingField() throws Exception {
        replace("control", "Priority: optional\n", "");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:1: paragraph lacks Priority; add it");
    }

    @Test
    void packageNameAgainstPolicy() throws Exception {
        replace("control", "Package: acme-agent", "Package: Acme_Agent");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:1: 'Acme_Agent' is not a package name; expected two or more of a-z 0-9 + - ."
                + " beginning with a letter or digit");
    }

    @Test
    void lineEndsOfWindows() throws Exception {
        replace("control", "Section: admin\n", "Section: admin\r\n");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:2: line ends in CR LF; expected LF alone (in git: mark the file `-text` in"
                + " .gitattributes)");
    }

    @Test
    void notAField() throws Exception {
        replace("control", "Section: admin", "Section admin");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:2: 'Section admin' is not a field; expected 'Name: value'");
    }

    @Test
    void modeThatIsNotOctal() throws Exception {
        replace("control", "Mode: 0755", "Mode: u+x");
        assertThat(failure())
                .isEqualTo("packages/acme-agent/control:14: mode 'u+x' is not octal; write three or four digits from 0 to 7, such as 0644 or 0755");
    }

    @Test
    void pathOutsideTheRoot() throws Exception {
        replace("control", "Directory: /usr/lib/acme/conf.d", "Directory: /usr/../../etc");
        assertThat(failure()).isEqualTo(
                "packages/acme-agent/control:19: path '/usr/../../etc' has '..' and could leave the package's root; write the path it means");
    }

    @Test
    void pathThatIsNotAbsolute() throws Exception {
        replace("control", "Directory: /usr/lib/acme/conf.d", "Directory: usr/lib/acme");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:19: path 'usr/lib/acme' is not absolute; begin it with /");
    }

    @Test
    void pathTwice() throws Exception {
        replace("control", "Link: /usr/lib/acme/storage", "Link: /etc/acme.conf");
        replace("control", "Target: ../../../sysroot/acme", "Target: ../sysroot/acme");
        assertThat(failure()).isEqualTo("packages/acme-agent/control: path /etc/acme.conf comes twice, as a file and as a link; keep one of them");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "When: usr/bin/acme;Depends: x | path 'usr/bin/acme' is not absolute; begin it with /",
        "When: /usr/bin/acme | paragraph has no field beside When; add one, such as Depends, or delete it",
        "When: /usr/bin/acme;Depends: Acme! | 'Acme!' is not a relation; expected a package's name, or one with a version such as dracut (>= 106)",
        "When: /usr/bin/acme;Depends:  | field Depends is empty; give it a value or delete it",
        "When: /usr/bin/acme;Section: admin | field Section is unknown; expected one of",
    })
    void whenParagraphThatIsNotUnderstood(String lines, String message) throws Exception {
        replace("control", "Directory: /usr/lib/acme/conf.d", lines.replace(';', '\n') + "\n\nDirectory: /usr/lib/acme/conf.d");
        assertThat(failure()).matches("packages/acme-agent/control:(19|20): .*").contains(message);
    }

    @Test
    void linkThatEscapes() throws Exception {
        replace("control", "../../../sysroot", "../../../../sysroot");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:17: '../../../../sysroot/acme' climbs above the root from"
                + " /usr/lib/acme/storage; write ../../../sysroot/acme");
    }

    @Test
    void linkThatEscapesAfterAName() throws Exception {
        replace("control", "../../../sysroot/acme", "x/../../../../../c");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:17: link /usr/lib/acme/storage has the target 'x/../../../../../c', which climbs"
                + " above the root after a name; expected a path within the root, so write fewer '..'");
    }

    @Test
    void ruleThatMatchesNothing() throws Exception {
        replace("control", "Files: /usr/libexec/*", "Files: /usr/libexec/x");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:13: Files: /usr/libexec/x matches no file; add it under packages/acme-agent/root"
                + " or delete the paragraph");
    }

    @Test
    void unitWithoutParagraph() throws Exception {
        replace("control", "Unit: acme.service\nEnable: yes\n\n", "");
        assertThat(failure()).isEqualTo("packages/acme-agent/control: has no paragraph for acme.service, which has an [Install] section; add"
                + " 'Unit: acme.service' with 'Enable: yes' or 'Enable: no'");
    }

    @Test
    void paragraphWithoutUnit() throws Exception {
        replace("control", "Unit: acme.timer", "Unit: acme.tmer");
        replace("root/usr/lib/systemd/system/acme.timer", "[Install]", "[X-Install]");
        assertThat(failure()).isEqualTo("packages/acme-agent/control: has a paragraph for unit acme.tmer, but"
                + " packages/acme-agent/root/usr/lib/systemd/system/acme.tmer is not there or has no [Install] section; correct the name, or delete the paragraph");
    }

    @Test
    void directiveThatDpkgHasNot() throws Exception {
        replace("control", "activate-noawait", "activate-later");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:28: 'activate-later' is no value of Directive; expected one of activate,"
                + " activate-await, activate-noawait, interest, interest-await, interest-noawait");
    }

    @Test
    void conditionOnNoChoice() throws Exception {
        replace("control", "flavour=fancy", "flavor=fancy");
        assertThat(failure()).isEqualTo("packages/acme-agent/control:37: 'flavor=fancy' is no choice with one of its values; expected choice=value"
                + " after its Choice paragraph, from {flavour=[plain, fancy]}");
    }

    @Test
    void optionForAUnitThatThePackageHasNot() {
        assertThat(failure(with(List.of("bootc.timer"), List.of(), Map.of(), Map.of()))).isEqualTo("<enabledUnits> of package acme-agent: unit"
                + " 'bootc.timer' is not one that can be enabled; expected one of acme.service, acme.timer");
    }

    @Test
    void unitBothEnabledAndDisabled() {
        assertThat(failure(with(List.of("acme.timer"), List.of("acme.timer"), Map.of(), Map.of())))
                .isEqualTo("package acme-agent: unit 'acme.timer' stands in <enabledUnits> and in <disabledUnits>; keep it in one");
    }

    @Test
    void unknownChoiceOrValue() {
        assertThat(failure(with(List.of(), List.of(), Map.of("optUsrlocal", "var"), Map.of())))
                .isEqualTo("<optUsrlocal> of package acme-agent: the package has no such choice; delete it");
        assertThat(failure(with(List.of(), List.of(), Map.of("flavour", "odd"), Map.of())))
                .isEqualTo("<flavour> of package acme-agent: 'odd' is unknown; expected one of plain, fancy");
    }

    @Test
    void scriptWithoutAPlaceForWhatIsDerived() throws Exception {
        write("postinst", "#!/bin/sh\nset -e\n");
        assertThat(failure()).isEqualTo("packages/acme-agent/postinst: has no line that is #DEBHELPER# alone, or several; write one where the part"
                + " derived from units, sysusers.d and tmpfiles.d belongs");
    }

    @Test
    void strayFileInTheFolder() throws Exception {
        write("postinstall", "");
        assertThat(failure()).isEqualTo(
                "packages/acme-agent/postinstall: is no part of a package's folder; expected control, changelog, root/ and preinst, postinst, prerm, postrm");
    }

    @Test
    void linkInTheFolder() throws Exception {
        Files.createSymbolicLink(folder.resolve("root/usr/lib/x"), Path.of("y"));
        assertThat(failure())
                .isEqualTo("packages/acme-agent/root/usr/lib/x: is not a regular file; write links and directories as paragraphs of control");
    }
}
