package io.github.debianatomic.maven.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.debianatomic.maven.Debs;
import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.Tool;
import io.github.debianatomic.maven.definition.BundledPackages;
import io.github.debianatomic.maven.verify.BrokenDebs.Case;
import io.github.debianatomic.maven.verify.Check.Severity;
import io.github.debianatomic.maven.verify.Waivers.Waiver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts from the bundled packages, in which nothing is found, and breaks one thing. */
class VerifierTest {

    private static final Path DOCUMENTATION = Path.of("../src/site/markdown/verify.md");

    @TempDir
    private static Path good;

    private static final List<Path> debs = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void write() throws IOException {
        debs.clear();
        for (String name : BundledPackages.NAMES) {
            debs.add(Debs.write(Debs.bundled(name), good));
        }
    }

    private static Path deb(String name) {
        return debs.get(BundledPackages.NAMES.indexOf(name));
    }

    /** apt-ostree, broken, with the others beside it. */
    private List<Finding> findings(Case broken) throws IOException {
        BrokenDeb deb = BrokenDeb.of(deb("apt-ostree"));
        broken.breakage().accept(deb);
        return Verifier.verify(List.of(deb.write(directory)), debs.stream().filter(file -> !file.equals(deb("apt-ostree"))).toList(), Waivers.NONE);
    }

    static List<Case> cases() {
        return BrokenDebs.ALL;
    }

    @Test
    void findsNothingInTheBundledPackages() throws Exception {
        assertThat(Verifier.verify(debs, Waivers.NONE)).isEmpty();
        // what the fixtures are made with breaks nothing of its own
        Path same = BrokenDeb.of(deb("apt-ostree")).write(directory);
        assertThat(Verifier.verify(List.of(same), Waivers.NONE)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsWhatIsBroken(Case broken) throws Exception {
        assertThat(findings(broken)).extracting(Finding::check).contains(broken.check());
    }

    @Test
    void takesWhatSystemdPolkitAndPolicyTake() throws Exception {
        List<Consumer<BrokenDeb>> sound = List.of(
                deb -> deb.edit("/usr/lib/systemd/system/apt-ostree-bootstatus.service", text ->
                        text.replaceAll("ExecStart=.*\n", "").replace("[Unit]\n", "[Unit]\nSuccessAction=reboot\n")),
                deb -> deb.edit("/usr/lib/systemd/system/apt-ostree-bootstatus.service", text ->
                        text.replaceAll("WantedBy=.*\n", "WantedBy=boot-complete.target\n")),
                deb -> deb.editControl("postinst", text -> text.replace("set -e\n", "set -o errexit\n")),
                deb -> deb.editControl("postinst", text -> text.replace("set -e\n", "set -Eeu\n")),
                deb -> deb.editControl("postinst", text -> text + "if true; then\n    echo 'run systemctl enable apt-ostreed.service'\nfi\n"),
                deb -> deb.edit("/usr/share/polkit-1/actions/org.debian.aptostree1.policy", text ->
                        text.replaceFirst("action id=\"", "action id=\"org.debian.AptOstree.")));
        for (Consumer<BrokenDeb> change : sound) {
            assertThat(findings(new Case("none", List.of(), change))).isEmpty();
        }
    }

    @Test
    void aPackageForTwoArchitecturesIsNoConflictWithItself() throws Exception {
        Path other = BrokenDeb.of(deb("apt-ostree")).field("Architecture", "arm64").write(directory);
        assertThat(Verifier.verify(List.of(other), List.of(deb("apt-ostree")), Waivers.NONE)).isEmpty();
    }

    @Test
    void hasACaseForEachCheck() {
        assertThat(cases()).extracting(Case::check).containsOnlyElementsOf(Checks.NAMES).containsAll(Checks.NAMES);
        assertThat(Checks.NAMES).doesNotHaveDuplicates();
    }

    // ---- the documentation

    /** The rows of the documentation's tables with this number of columns, cell by cell. */
    private static List<List<String>> rows(int columns) throws IOException {
        return Files.readAllLines(DOCUMENTATION).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(cell -> cell.strip().replace("`", "")).toList())
                .filter(row -> row.size() == columns)
                .toList();
    }

    @Test
    void isDocumentedCheckByCheck() throws Exception {
        assertThat(rows(3)).isEqualTo(Checks.ALL.stream()
                .map(check -> List.of(check.name(), check.severity().name().toLowerCase(Locale.ROOT), check.sentence()))
                .toList());
    }

    /** Tag to check, as the cases have it. */
    private static Map<String, String> tags() {
        Map<String, String> tags = new TreeMap<>();
        cases().forEach(broken -> broken.tags().forEach(tag -> tags.put(tag, broken.check())));
        return tags;
    }

    @Test
    void findsTheTagsOfLintianThatTheDocumentationLists() throws Exception {
        assertThat(rows(2).stream().collect(Collectors.toMap(row -> row.get(0), row -> row.get(1)))).isEqualTo(tags());
        assertThat(rows(2)).extracting(row -> row.get(0)).isSorted();
    }

    @Test
    void lintianFindsThemInTheSameDebs() throws Exception {
        List<String> command = new ArrayList<>(List.of("lintian", "--display-info", "--pedantic", "--display-experimental", "--fail-on", "none",
                "--allow-root", "--tag-display-limit", "0"));
        List<String> expected = new ArrayList<>();
        for (Case broken : cases()) {
            if (!broken.tags().isEmpty()) {
                BrokenDeb deb = BrokenDeb.of(deb("apt-ostree"));
                broken.breakage().accept(deb);
                String name = "broken" + command.size();
                command.add(deb.rename(name).write(directory).toString());
                broken.tags().forEach(tag -> expected.add(name + ": " + tag));
            }
        }
        String output = Tool.run(command.toArray(String[]::new)).output();
        Files.writeString(Path.of("target/lintian-broken.txt"), output);
        TreeSet<String> found = output.lines()
                .map(line -> Pattern.compile("^[A-Z]: (\\S+): (\\S+)").matcher(line))
                .filter(matcher -> matcher.find())
                .map(matcher -> matcher.group(1) + ": " + matcher.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(expected).allMatch(found::contains);
    }

    // ---- builds of several packages

    @Test
    void knowsThePackagesBesideAndWhatTheyNeed() throws Exception {
        String unit = "/usr/lib/systemd/system/apt-ostree-bootstatus.service";
        BrokenDeb deb = BrokenDeb.of(deb("apt-ostree"))
                .edit(unit, text -> text.replaceAll("ExecStart=.*", "ExecStart=/usr/libexec/bootc-generic-growpart"))
                .edit(unit, text -> text.replaceAll("ConditionFileIsExecutable=.*\n", ""));
        assertThat(Verifier.verify(List.of(deb.write(directory), deb("bootc")), Waivers.NONE)).singleElement().hasToString(
                "apt-ostree: " + unit + ": ExecStart= starts what may not be there: /usr/libexec/bootc-generic-growpart is in package bootc,"
                        + " which is not in Depends; add it, or add ConditionFileIsExecutable=/usr/libexec/bootc-generic-growpart [unit-program]");
        Path needs = deb.field("Depends", "bootc (>= 1), dbus-system-bus, systemd").write(directory);
        assertThat(Verifier.verify(List.of(needs, deb("bootc")), Waivers.NONE)).isEmpty();
        assertThat(Verifier.verify(List.of(needs), List.of(deb("bootc")), Waivers.NONE)).isEmpty();
        assertThat(Verifier.verify(List.of(needs), Waivers.NONE)).singleElement().extracting(Finding::message).asString().contains(
                "is nowhere in this build, nor one of Debian's programs this plugin knows");
    }

    @Test
    void namesBothOwnersOfAPath() throws Exception {
        BrokenDeb deb = BrokenDeb.of(deb("apt-ostree")).file("/usr/lib/bootc/install", "x\n");
        assertThat(Verifier.verify(List.of(deb.write(directory), deb("bootc")), Waivers.NONE)).extracting(Finding::toString).containsExactly(
                "apt-ostree: /usr/lib/bootc/install: is in package bootc too, and dpkg refuses to overwrite it; keep it in one, or declare Replaces"
                        + " or Conflicts (Policy 7.6) [shared-paths]",
                "bootc: /usr/lib/bootc/install: is in package apt-ostree too, and dpkg refuses to overwrite it; keep it in one, or declare Replaces"
                        + " or Conflicts (Policy 7.6) [shared-paths]");
        Path replacing = deb.field("Replaces", "bootc (<< 2)").write(directory);
        assertThat(Verifier.verify(List.of(replacing, deb("bootc")), Waivers.NONE)).isEmpty();
    }

    @Test
    void understandsDebhelpersScripts() throws Exception {
        String unit = "apt-ostree-countme.timer";
        String debhelper =
                """
                if deb-systemd-helper --quiet was-enabled '%s'; then
                    deb-systemd-helper enable '%s' >/dev/null || true
                fi
                """.formatted(unit, unit);
        BrokenDeb enabled = BrokenDeb.of(deb("apt-ostree")).editControl("postinst", text -> text.replace("keep_unit " + unit, debhelper));
        assertThat(Verifier.verify(List.of(enabled.write(directory)), Waivers.NONE)).extracting(Finding::check).containsExactly("preset-agrees");
        BrokenDeb kept = BrokenDeb.of(deb("apt-ostree")).editControl("postinst",
                text -> text.replace("keep_unit " + unit, "if deb-systemd-helper debian-installed '" + unit + "'; then\n" + debhelper + "fi"));
        assertThat(Verifier.verify(List.of(kept.write(directory)), Waivers.NONE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kargs = []", "# why\nkargs = [ # here\n 'a', \"b\\u0041\\\"\",\n] # there\n\nmatch-architectures=[\"x86_64\"]\r\n"})
    void readsTheTomlOfBootc(String text) {
        assertThat(KargsChecks.flaws(text)).isEmpty();
    }

    @Test
    void readsWhatBootcAndOstreeReadAtInstallationAndBoot() {
        assertThat(ImageChecks.installFlaws("# why\n[install.filesystem.root]\ntype = \"xfs\" # here\n\n[install]\nroot-fs-type = 'ext4'\nblock = [\"direct\"]\n"
                + "kargs = [\n  \"a=b\", # one\n  \"c]\",\n]\ndiscoverable = true\n")).isEmpty();
        assertThat(ImageChecks.installFlaws("")).isEmpty();
        assertThat(ImageChecks.prepareRootFlaws("# x\n; y\n[composefs]\nenabled=signed\nkeypath = /etc/k\n\n[sysroot]\nreadonly = true\n[root]\ntransient=false\n")).isEmpty();
        assertThat(ImageChecks.prepareRootFlaws("[composefs]\nenabled = on\n")).containsExactly(
                "line 2 has the value 'on' for composefs.enabled, at which ostree-prepare-root stops and nothing boots; expected one of"
                        + " 0, 1, false, maybe, no, signed, true, verity, yes");
        assertThat(ImageChecks.installFlaws("[instal]\n")).containsExactly("line 1 has the table 'instal', at which bootc stops; expected install or one below it");
    }

    // ---- waivers

    @Test
    void acceptsWhatIsWaived() throws Exception {
        Path deb = BrokenDeb.of(deb("apt-ostree")).file("/opt/acme", "x\n").file("/opt/other", "x\n").write(directory);
        Waiver one = new Waiver("apt-ostree", "opt", "/opt/acme", "Where our customers look.");
        assertThat(Verifier.verify(List.of(deb), new Waivers(List.of(one)))).singleElement().extracting(Finding::where).isEqualTo("/opt/other");
        Waiver all = new Waiver("apt-ostree", "opt", "", "Where our customers look.");
        assertThat(Verifier.verify(List.of(deb), new Waivers(List.of(all)))).isEmpty();
        Waiver elsewhere = new Waiver("bootc", "opt", "", "Of a package that is not looked at.");
        assertThat(Verifier.verify(List.of(deb), new Waivers(List.of(all, elsewhere)))).isEmpty();
    }

    @Test
    void complainsAboutAWaiverWithoutUseOrReason() throws Exception {
        Waiver unused = new Waiver("apt-ostree", "opt", "", "Once upon a time.");
        assertThat(Verifier.verify(List.of(deb("apt-ostree")), new Waivers(List.of(unused)))).singleElement()
                .hasToString("apt-ostree: waiver: a waiver of check opt matches no finding; delete it [unused-waiver]")
                .extracting(Finding::severity).isEqualTo(Severity.ERROR);
        assertThatThrownBy(() -> new Waiver("apt-ostree", "opt", "", " ")).isInstanceOf(InvalidPackageException.class)
                .hasMessage("waiver of check 'opt' for package apt-ostree: has no reason; say why what it finds is right");
        assertThatThrownBy(() -> new Waiver("apt-ostree", "readable", "", "x")).isInstanceOf(InvalidPackageException.class)
                .hasMessageStartingWith("waiver of check 'readable' for package apt-ostree: there is no such check; expected one of members, ");
    }

    // ---- what is no deb

    private String unreadable(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("bad.deb"), content);
        List<Finding> findings = Verifier.verify(List.of(file), Waivers.NONE);
        assertThat(findings).singleElement().extracting(Finding::check, Finding::severity).containsExactly("readable", Severity.ERROR);
        return findings.get(0).message();
    }

    @Test
    void saysWhatIsNoDeb() throws Exception {
        assertThat(unreadable(new byte[0])).isEqualTo("is not an ar archive, which deb(5) says a deb is");
        assertThat(unreadable("PK\3\4".getBytes(UTF_8))).isEqualTo("is not an ar archive, which deb(5) says a deb is");
        assertThat(unreadable("!<arch>\n".getBytes(UTF_8))).isEqualTo(
                "has no member control.tar, so it is not a deb; found []. deb(5) says debian-binary, control.tar, data.tar");
        assertThat(unreadable(ar("control.tar.bz2", new byte[10]))).isEqualTo(
                "member control.tar.bz2 has a compression this plugin cannot read; expected .xz, .gz, .zst or none");
        assertThat(unreadable(ar("control.tar.xz", new byte[10]))).startsWith("member control.tar.xz cannot be unpacked (");
        assertThat(unreadable(ar("control.tar", "x".repeat(2000).getBytes(UTF_8)))).startsWith("member control.tar cannot be unpacked (");
    }

    @Test
    void saysWhereADebIsCut() throws Exception {
        byte[] deb = Files.readAllBytes(deb("bootc-dracut"));
        for (int length = 0; length < deb.length; length += 37) {
            assertThat(unreadable(Arrays.copyOf(deb, length))).matches(
                    "(is not an ar archive|has a broken or cut member header|is cut|has no member).*");
        }
    }

    @Test
    void survivesAByteChangedAnywhere() throws Exception {
        byte[] deb = Files.readAllBytes(deb("bootc-dracut"));
        for (int i = 0; i < deb.length; i += 11) {
            byte[] changed = deb.clone();
            changed[i] ^= 0x55;
            Verifier.verify(List.of(Files.write(directory.resolve("changed.deb"), changed)), Waivers.NONE);
        }
    }

    @Test
    void stopsAtATarOfZeros() throws Exception {
        assertThat(unreadable(bomb("data.tar.zst", (1L << 30) + (64 << 20)))).matches(
                "member data\\.tar\\.zst unpacks to more than \\d+ bytes, which is what a decompression bomb does; expected a package");
    }

    @Test
    void stopsAtHugeControlFilesAndNames() throws Exception {
        assertThat(unreadable(bomb("control.tar.zst", entry("./control", (byte) '0', 1L << 30), 1 << 20))).isEqualTo(
                "control file ./control has 1073741824 bytes; expected at most 16777216 in all control files");
        // a name that GNU tar would take from the content of this entry
        assertThat(unreadable(bomb("data.tar.zst", entry("././@LongLink", (byte) 'L', 1L << 30), 1 << 20))).isEqualTo(
                "member data.tar.zst has entries whose names or attributes are longer than dpkg takes; expected names of at most 4096 bytes");
    }

    private static byte[] entry(String name, byte type, long size) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setSize(size);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        return header;
    }

    /** A tar of many entries without content. */
    private static byte[] entries(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new ZstdOutputStream(bytes))) {
            for (int i = 0; i < count; i++) {
                tar.putArchiveEntry(new TarArchiveEntry("./" + i));
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void stopsAtEntriesWithoutEnd() throws Exception {
        assertThat(unreadable(ar("data.tar.zst", entries(250_001)))).isEqualTo("member data.tar.zst has more than 250000 entries");
    }

    private static byte[] bomb(String member, long zeros) throws IOException {
        return bomb(member, new byte[0], zeros);
    }

    private static byte[] bomb(String member, byte[] beginning, long zeros) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream zstd = new ZstdOutputStream(bytes, 1)) {
            zstd.write(beginning);
            byte[] block = new byte[1 << 20];
            for (long i = 0; i < zeros; i += block.length) {
                zstd.write(block);
            }
        }
        return ar(member, bytes.toByteArray());
    }

    private static byte[] ar(String member, byte[] content) throws IOException {
        ByteArrayOutputStream ar = new ByteArrayOutputStream();
        ar.write("!<arch>\n".getBytes(UTF_8));
        BrokenDeb.member(ar, "debian-binary", "2.0\n".getBytes(UTF_8));
        BrokenDeb.member(ar, member, content);
        return ar.toByteArray();
    }
}
