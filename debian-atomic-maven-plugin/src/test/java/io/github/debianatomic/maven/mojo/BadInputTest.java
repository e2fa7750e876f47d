package io.github.debianatomic.maven.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.debianatomic.maven.tree.Directories;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a project may get wrong in its blocks and folders, and the whole message of each in a golden text. Goal explain
 * goes the way of every package goal up to the writing. What only Maven itself shows is in the integration project on bad input.
 */
@MojoTest
class BadInputTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/bad-input.txt");

    private static final String CONTROL = "Package: acme-agent\nSection: admin\nPriority: optional\nArchitecture: all\n"
            + "Depends: procps\nDescription: agent of Acme\n It reports to Acme.\n\nFiles: /usr/libexec/*\nMode: 0755\n\nUnit: acme.service\nEnable: yes\n";

    @TempDir
    private Path directory;

    @Inject
    private MavenProject project;

    private ExplainMojo mojo;
    private final StringBuilder text = new StringBuilder();

    private void set(Class<?> type, String name, Object value) throws Exception {
        var field = type.getDeclaredField(name);
        field.setAccessible(true);
        field.set(mojo, value);
    }

    private void write(String path, String content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void elf(String path, String name) throws IOException {
        write(path, "");
        Files.write(directory.resolve(path), Files.readAllBytes(Path.of("src/test/resources/elf", name)));
    }

    /** A package of the project's own that is good. */
    private void agent() throws IOException {
        write("src/acme-agent/control", CONTROL);
        write("src/acme-agent/root/usr/libexec/acme", "#!/bin/sh\n");
        write("src/acme-agent/root/usr/lib/systemd/system/acme.service", "[Service]\nExecStart=/usr/libexec/acme\n\n[Install]\nWantedBy=multi-user.target\n");
    }

    /** The message for what stands in {@code <packages>} and in the directory, which is empty again afterwards. */
    private void bad(String what, String packages) throws Exception {
        set(AssemblyMojo.class, "packages", new XmlPlexusConfiguration(Xpp3DomBuilder.build(new StringReader("<packages>" + packages + "</packages>"))));
        Throwable failure = catchThrowable(mojo::execute);
        assertThat(failure).as(what).isInstanceOf(MojoFailureException.class);
        text.append(what).append("\n    ").append(failure.getMessage().replace(directory.toString(), "PROJECT")).append('\n');
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.toList()) {
                Directories.delete(child);
            }
        }
    }

    /** The good package with one thing in its control file changed. */
    private void control(String what, String from, String to) throws Exception {
        agent();
        assertThat(CONTROL).contains(from);
        write("src/acme-agent/control", CONTROL.replace(from, to));
        bad(what, "");
    }

    @Test
    @InjectMojo(goal = "explain")
    @MojoParameter(name = "maintainer", value = "Example Platform Team <platform@example.com>")
    @MojoParameter(name = "outputTimestamp", value = "2026-11-23T02:15:00Z")
    void eachHasItsMessage(ExplainMojo explain) throws Exception {
        mojo = explain;
        project.setGroupId("com.example");
        project.setArtifactId("example-project");
        project.setVersion("1.0.0");
        project.setArtifact(new DefaultArtifact("com.example", "example-project", "1.0.0", null, "pom", null, new DefaultArtifactHandler("pom")));
        project.setFile(directory.resolve("pom.xml").toFile());
        set(AssemblyMojo.class, "project", project);
        set(AssemblyMojo.class, "sourceDirectory", new File(directory.toFile(), "src"));
        set(AssemblyMojo.class, "stagingDirectory", new File(directory.toFile(), "staging"));
        blocks();
        overlays();
        binaries();
        folders();
        if (Boolean.getBoolean("golden.renew")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, text);
        }
        assertThat(text.toString()).as("renew with -Dgolden.renew=true").isEqualTo(Files.readString(GOLDEN));
    }

    private void blocks() throws Exception {
        bad("a package that is not there", "<bootcc/>");
        bad("a field that no block has", "<bootc><enabled>x</enabled></bootc>");
        bad("two blocks of one package", "<bootc/><bootc/>");
        bad("a unit to enable that the package has not", "<bootc><enabledUnits><unit>apt-ostreed.service</unit></enabledUnits></bootc>");
        bad("a unit to disable that the package has not", "<apt-ostree><disabledUnits><unit>x.timer</unit></disabledUnits></apt-ostree>");
        bad("a unit enabled and disabled", "<bootc><enabledUnits><unit>bootc-generic-growpart.service</unit></enabledUnits>"
                + "<disabledUnits><unit>bootc-generic-growpart.service</unit></disabledUnits></bootc>");
        bad("a dependency that dpkg does not understand", "<bootc><depends><depend>podman (5)</depend></depends></bootc>");
        bad("a recommendation that dpkg does not understand", "<bootc><recommends><recommend>Podman</recommend></recommends></bootc>");
        bad("a control field that is computed", "<bootc><fields><Version>1</Version></fields></bootc>");
        bad("a control field that dpkg has not", "<bootc><fields><Licence>x</Licence></fields></bootc>");
        bad("a relation in fields that dpkg does not understand", "<bootc><fields><Breaks>a, b</Breaks><Conflicts>x y</Conflicts></fields></bootc>");
        bad("a property that nobody has set", "<bootc><fields><Homepage>https://${host}/</Homepage></fields></bootc>");
        bad("a choice that the package has not", "<bootc><choices><flavour>a</flavour></choices></bootc>");
        bad("an exclude that matches nothing", "<bootc><excludes><exclude>/opt/*</exclude></excludes></bootc>");
        bad("shlibdeps neither true nor false", "<bootc><shlibdeps>yes</shlibdeps></bootc>");
        bad("shlibdeps without a binary", "<bootc><shlibdeps>true</shlibdeps></bootc>");
        bad("a value of optUsrlocal that is none", "<apt-ostree><optUsrlocal>home</optUsrlocal></apt-ostree>");
        bad("a bus name of one part", "<apt-ostree><busName>aptostree1</busName></apt-ostree>");
        bad("a bus name that no interface can begin with", "<apt-ostree><busName>com.my-company.AptOstree</busName></apt-ostree>");
        bad("a bus name of another package", "<bootc><busName>com.example.Bootc</busName></bootc>");
        bad("a program outside of /usr", "<apt-ostree><program>/opt/apt-ostree</program></apt-ostree>");
        bad("a program that leaves /usr", "<apt-ostree><program>/usr/../bin/apt-ostree</program></apt-ostree>");
        bad("a program whose path units and scripts would read otherwise", "<apt-ostree><program>/usr/bin/apt ostree</program></apt-ostree>");
        bad("optUsrlocal of another package", "<bootc><optUsrlocal>var</optUsrlocal></bootc>");
        bad("a value of composefs that is none", "<bootc-baseimage><composefs>on</composefs></bootc-baseimage>");
        bad("composefs that the release has not", "<bootc-baseimage><composefs>yes</composefs></bootc-baseimage>");
        bad("a release that is none", "<bootc-baseimage><composefs>yes</composefs><release>bookworm</release></bootc-baseimage>");
        bad("a release that nothing asks about", "<bootc-baseimage><release>bookworm</release></bootc-baseimage>");
        bad("composefs of another package", "<bootc><composefs>no</composefs></bootc>");
        bad("a file system that bootc does not make", "<bootc-baseimage><rootFsType>zfs</rootFsType></bootc-baseimage>");
        bad("two kernel arguments in one", "<bootc-baseimage><kernelArguments><argument>quiet splash</argument></kernelArguments></bootc-baseimage>");
        bad("an empty kernel argument", "<bootc-baseimage><kernelArguments><argument/></kernelArguments></bootc-baseimage>");
        bad("a time span that systemd does not know", "<bootc><updateSchedule><interval>often</interval></updateSchedule></bootc>");
        bad("a schedule's part that is none", "<bootc><updateSchedule><every>1h</every></updateSchedule></bootc>");
        agent();
        bad("a bundled package's setting for a package of one's own", "<acme-agent><rootFsType>xfs</rootFsType></acme-agent>");
        agent();
        bad("a program's path for a package of one's own", "<acme-agent><program>/usr/bin/acme</program></acme-agent>");
    }

    private void overlays() throws Exception {
        bad("an overlay of nothing", "<bootc><overlays><overlay><target>/usr</target></overlay></overlays></bootc>");
        bad("an overlay of two things", "<bootc><overlays><overlay><directory>x</directory><artifact>a:b</artifact></overlay></overlays></bootc>");
        bad("an overlay's field that is none", "<bootc><overlays><overlay><dir>x</dir></overlay></overlays></bootc>");
        bad("an overlay of no directory", "<bootc><overlays><overlay><directory>nowhere</directory></overlay></overlays></bootc>");
        write("destdir/usr/lib/acme/x", "x\n");
        bad("a pattern that matches nothing",
                "<bootc><overlays><overlay><directory>destdir</directory><includes><include>etc/**</include></includes></overlay></overlays></bootc>");
        write("destdir/x", "");
        bad("a target that is no path", "<bootc><overlays><overlay><directory>destdir</directory><target>usr</target></overlay></overlays></bootc>");
        bad("an artifact without coordinates", "<bootc><overlays><overlay><artifact>acme</artifact></overlay></overlays></bootc>");
        bad("an artifact without version", "<bootc><overlays><overlay><artifact>com.example:acme</artifact></overlay></overlays></bootc>");
        bad("an artifact with a type and without version", "<bootc><overlays><overlay><artifact>com.example:acme:tar.gz</artifact></overlay></overlays></bootc>");
        bad("an artifact with a blank", "<bootc><overlays><overlay><artifact>com.example:acme: 1.0</artifact></overlay></overlays></bootc>");
        bad("an artifact with an empty classifier", "<bootc><overlays><overlay><artifact>com.example:acme:tar.gz::1.0</artifact></overlay></overlays></bootc>");
    }

    private void binaries() throws Exception {
        String overlay = "<overlays><overlay><directory>destdir</directory></overlay></overlays>";
        elf("destdir/usr/bin/bootc", "x86_64-dynamic");
        elf("destdir/usr/lib/bootc/initramfs-setup", "aarch64-static");
        bad("two architectures", "<bootc>" + overlay + "</bootc>");
        elf("destdir/usr/bin/bootc", "aarch64-static");
        bad("an architecture that the files are not of", "<bootc><fields><Architecture>amd64</Architecture></fields>" + overlay + "</bootc>");
        elf("destdir/usr/bin/bootc", "aarch64-static");
        bad("architecture all with a binary", "<bootc><fields><Architecture>all</Architecture></fields>" + overlay + "</bootc>");
        bad("any architecture without a file that says which", "<bootc><fields><Architecture>any</Architecture></fields></bootc>");
        elf("destdir/usr/bin/bootc", "x86_64-dynamic");
        bad("a library that nothing brings", "<bootc>" + overlay + "</bootc>");
        byte[] whole = Files.readAllBytes(Path.of("src/test/resources/elf/x86_64-dynamic"));
        write("destdir/usr/bin/bootc", "");
        Files.write(directory.resolve("destdir/usr/bin/bootc"), Arrays.copyOf(whole, 3000));
        bad("a binary that is cut", "<bootc>" + overlay + "</bootc>");
        whole[18] = (byte) 0xff;
        write("destdir/usr/bin/bootc", "");
        Files.write(directory.resolve("destdir/usr/bin/bootc"), whole);
        bad("a binary of a machine that Debian has not", "<bootc>" + overlay + "</bootc>");
    }

    private void folders() throws Exception {
        control("a folder of another name than its package", "Package: acme-agent", "Package: acme-agnet");
        control("a folder whose control names no package", "Package: acme-agent\n", "");
        write("src/Acme_Agent/control", CONTROL.replace("acme-agent", "Acme_Agent"));
        bad("a name that Policy does not allow", "");
        write("src/acme-agent/root/etc/x", "");
        bad("a folder without control", "");
        control("a field that dpkg has not", "Priority:", "Prio:");
        control("a field that is computed", "Section: admin\n", "Section: admin\nVersion: 1\n");
        control("a field that is missing", "Section: admin\n", "");
        control("fields that are missing", "Section: admin\nPriority: optional\n", "");
        control("a field that is empty", "Section: admin", "Section:");
        control("a field twice", "Priority: optional\n", "Priority: optional\nPriority: extra\n");
        control("a dependency in control that dpkg does not understand", "Depends: procps", "Depends: procps,");
        control("a line that is no field", "Mode: 0755", "Mode 0755");
        control("a paragraph of no kind", "Unit: acme.service", "Units: acme.service");
        control("a paragraph's field that is none", "Enable: yes", "Enabled: yes");
        control("a value that is neither yes nor no", "Enable: yes", "Enable: true");
        control("a mode that is not octal", "Mode: 0755", "Mode: rwx");
        control("a glob that matches nothing", "Files: /usr/libexec/*", "Files: /usr/libexec/* /usr/sbin/*");
        control("a glob that is no path", "Files: /usr/libexec/*", "Files: usr/libexec/*");
        control("a unit that is not there", "Unit: acme.service\nEnable: yes\n", "Unit: acme.service\nEnable: yes\n\nUnit: acme.timer\nEnable: no\n");
        control("a unit without paragraph", "\nUnit: acme.service\nEnable: yes\n", "");
        control("lines of Windows", "Section: admin\n", "Section: admin\r\n");
        agent();
        write("src/acme-agent/changelog", "acme-agent (1.0) unstable; urgency=low\n\n  * Ours.\n\n -- Nobody\n");
        bad("a changelog whose entry does not end", "");
        agent();
        write("src/acme-agent/changelog", "acme (1.0) unstable; urgency=low\n");
        bad("a changelog of another package", "");
        agent();
        write("src/acme-agent/changelog", "");
        bad("an empty changelog", "");
        agent();
        write("src/acme-agent/postinstall", "");
        bad("a file that is no part of a folder", "");
        agent();
        write("src/acme-agent/postinst", "#!/bin/sh\nset -e\n");
        bad("a maintainer script without a place for the derived part", "");
    }
}
