package io.github.debianatomic.maven.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files that are run: commands, hooks and generators. */
final class ProgramChecks {

    static final List<Check> ALL = List.of(
            Check.error("program-mode", "what Debian runs by its place is executable", deb -> mode(deb)),
            Check.error("program-kind", "an executable file is ELF or names its interpreter", deb -> kind(deb)),
            Check.error("program-architecture", "programs of a machine are not in a package for all", deb -> architecture(deb)));

    /** Commands, and the directories whose files systemd, kernel-install, the kernel's scripts and dracut run. */
    private static final Pattern PLACES = Pattern.compile("(/usr)?/s?bin/[^/]+|/usr/lib/systemd/(system|user)(-environment)?-generators/[^/]+"
            + "|/usr/lib/systemd/system-(sleep|shutdown)/[^/]+|/usr/lib/kernel/install\\.d/[^/]+\\.install"
            + "|/(etc|usr/share)/kernel/(preinst|postinst|prerm|postrm|header_postinst)\\.d/[^/]+|/usr/lib/dracut/modules\\.d/[^/]+/module-setup\\.sh");

    private static final Pattern ANY = Pattern.compile(".*");

    private ProgramChecks() {}

    private static Stream<Flaw> mode(ReadDeb deb) {
        return deb.files(PLACES)
                .filter(path -> !deb.paths().get(path).mode().isExecutable())
                .map(path -> new Flaw(path, "has mode " + deb.paths().get(path).mode() + ", so that nothing can run it; give it Mode: 0755"));
    }

    private static Stream<Flaw> kind(ReadDeb deb) {
        return deb.files(ANY).filter(path -> deb.paths().get(path).mode().isExecutable()).flatMap(path -> {
            String head = new String(deb.head(path), ISO_8859_1);
            if (head.startsWith("\u007fELF")) {
                return Stream.empty();
            }
            String first = head.lines().findFirst().orElse("");
            if (!first.matches("#!\\s*/.+")) {
                return Stream.of(new Flaw(path, "is executable and neither ELF nor a script that begins with #!; give it Mode: 0644, or an interpreter"));
            }
            return head.startsWith(first + "\r")
                    ? Stream.of(new Flaw(path, "ends its first line in CR LF, so that the kernel looks for an interpreter with CR in its name"))
                    : Stream.empty();
        });
    }

    private static Stream<Flaw> architecture(ReadDeb deb) {
        return deb.field("Architecture").equals("all")
                ? deb.files(ANY).filter(path -> isMachineCode(deb.head(path))).map(path ->
                        new Flaw(path, "is ELF for one machine in a package with Architecture: all; set the architecture"))
                : Stream.empty();
    }

    /** ELF of type executable or shared object; eBPF objects are relocatable and run everywhere. */
    private static boolean isMachineCode(byte[] head) {
        return head.length > 17 && new String(head, 0, 4, ISO_8859_1).equals("\u007fELF") && (head[16] + head[17] == 2 || head[16] + head[17] == 3);
    }
}
