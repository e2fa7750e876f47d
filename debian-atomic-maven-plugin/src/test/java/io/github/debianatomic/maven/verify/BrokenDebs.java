package io.github.debianatomic.maven.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Package apt-ostree, which has something of every kind, broken in one way each. */
final class BrokenDebs {

    /**
     * One of them.
     *
     * @param check what must find it
     * @param tags lintian's names for it, none where lintian says nothing
     * @param breakage what to do to the good deb
     */
    record Case(String check, List<String> tags, Consumer<BrokenDeb> breakage) {

        @Override
        public String toString() {
            return check + " " + tags;
        }
    }

    static final List<Case> ALL = new ArrayList<>();

    private static final String UNITS = "/usr/lib/systemd/system/";
    private static final String SERVICE = UNITS + "apt-ostree-bootstatus.service";
    private static final String HELPER = "/usr/libexec/apt-ostree-fix-shadow-mode";
    private static final String DOC = "/usr/share/doc/apt-ostree/";
    private static final String MAN = "/usr/share/man/man8/apt-ostree-fix-shadow-mode.8";
    private static final String POLICY = "/usr/share/dbus-1/system.d/org.debian.aptostree1.conf";
    private static final String BUS = "/usr/share/dbus-1/system-services/org.debian.aptostree1.service";
    private static final String ACTIONS = "/usr/share/polkit-1/actions/org.debian.aptostree1.policy";
    private static final String TMPFILES = "/usr/lib/tmpfiles.d/apt-ostree-0-integration.conf";
    private static final String SYSUSERS = "/usr/lib/sysusers.d/apt-ostree.conf";
    private static final String PRESET = "/usr/lib/systemd/system-preset/50-apt-ostree.preset";
    private static final String CONFFILE = "/etc/apt-ostreed.conf";
    private static final byte[] SCRIPT = "#!/bin/sh\nexit 0\n".getBytes(UTF_8);

    static {
        archive();
        control();
        documentation();
        placement();
        programs();
        units();
        scripts();
        configuration();
    }

    private BrokenDebs() {}

    private static void add(String check, String tags, Consumer<BrokenDeb> breakage) {
        ALL.add(new Case(check, tags.isEmpty() ? List.of() : List.of(tags.split(" ")), breakage));
    }

    private static void archive() {
        add("members", "misplaced-extra-member-in-deb", deb -> deb.member("extra"));
        add("entry-names", "", deb -> deb.raw("./usr/", TarConstants.LF_DIR, ""));
        add("entry-names", "", deb -> deb.raw("./../x/", TarConstants.LF_DIR, ""));
        add("entry-names", "", deb -> deb.raw("usr/lib/y/", TarConstants.LF_DIR, ""));
        add("entry-order", "", deb -> deb.raw("./usr/lib/nowhere/x/", TarConstants.LF_DIR, ""));
        add("entry-kinds", "", deb -> deb.raw("./etc/null", TarConstants.LF_CHR, ""));
        add("entry-kinds", "", deb -> deb.raw("./etc/disk", TarConstants.LF_BLK, ""));
        add("entry-kinds", "", deb -> deb.raw("./etc/pipe", TarConstants.LF_FIFO, ""));
        add("entry-kinds", "package-contains-hardlink", deb -> deb.raw("./etc/hard.conf", TarConstants.LF_LINK, "." + CONFFILE));
        add("owners", "wrong-file-owner-uid-or-gid", deb -> deb.owner(HELPER, 1000));
        add("times", "package-contains-ancient-file", deb -> deb.time(HELPER, 1000));
        add("control-modes", "control-file-has-bad-permissions", deb -> deb.controlMode("postinst", 0644));
        add("control-modes", "control-file-has-bad-owner", deb -> deb.controlOwner(1000));
        add("md5sums", "no-md5sums-control-file", deb -> deb.control("md5sums", null));
        add("md5sums", "malformed-md5sums-control-file", deb -> deb.control("md5sums", "what is this\n"));
        add("md5sums", "md5sum-mismatch", deb -> deb.control("md5sums", deb.sums().replaceFirst("^[0-9a-f]{8}", "00000000")));
        add("md5sums", "file-missing-in-md5sums", deb -> deb.control("md5sums", deb.sums().replaceFirst("^.*\n", "")));
        add("md5sums", "md5sums-lists-nonexistent-file", deb -> deb.control("md5sums", deb.sums() + "0".repeat(32) + "  usr/lib/nowhere\n"));
        add("text-size", "", deb -> deb.file("/usr/lib/tmpfiles.d/long.conf", "#".repeat(ReadDeb.TEXT_LIMIT + 1)));
        add("installed-size", "", deb -> deb.field("Installed-Size", "9999"));
    }

    private static void control() {
        add("control-fields", "", deb -> deb.field("Maintainer", "Nobody"));
        add("control-fields", "required-field", deb -> deb.field("Maintainer", null));
        add("control-fields", "bad-version-number", deb -> deb.field("Version", "1.0_0"));
        add("control-fields", "unknown-architecture", deb -> deb.field("Architecture", "vax"));
        add("section-and-priority", "unknown-section", deb -> deb.field("Section", "administration"));
        add("section-and-priority", "unknown-priority", deb -> deb.field("Priority", "high"));
        add("synopsis", "description-synopsis-starts-with-article", deb -> deb.field("Description", "the system integration\n A text.\n A text."));
        add("synopsis", "synopsis-is-a-sentence", deb -> deb.field("Description", "Integrates the system.\n A text.\n A text."));
        add("synopsis", "synopsis-too-long", deb -> deb.field("Description", "system ".repeat(14) + "\n A text.\n A text."));
        add("synopsis", "", deb -> deb.field("Description", "apt-ostree for the system\n A text.\n A text."));
        add("description", "extended-description-is-empty", deb -> deb.field("Description", "system integration"));
        add("relations", "bad-relation", deb -> deb.field("Recommends", "some thing (1.0)"));
        add("essential-dependency", "depends-on-essential-package-without-using-version",
                deb -> deb.field("Depends", "bash, systemd"));
        add("triggers", "unknown-trigger", deb -> deb.control("triggers", "call update-initramfs\n"));
    }

    private static void documentation() {
        add("copyright", "no-copyright-file", deb -> deb.remove(DOC + "copyright"));
        add("changelog", "no-changelog", deb -> deb.remove(DOC + "changelog.gz"));
        add("changelog", "wrong-name-for-changelog-of-native-package", deb -> deb.move(DOC + "changelog.gz", DOC + "changelog.Debian.gz"));
        add("gzip", "changelog-not-compressed-with-max-compression", deb -> deb.file(DOC + "changelog.gz", 0644, gzip("apt-ostree (1.0.0)\n")));
        add("gzip", "uncompressed-manual-page", deb -> deb.remove(MAN + ".gz").file(MAN, ".TH X 8\n"));
        add("gzip", "poor-compression-in-manual-page", deb -> deb.file(MAN + ".gz", 0644, gzip(".TH X 8\n")));
        add("manual-page", "no-manual-page", deb -> deb.file("/usr/bin/acme", 0755, SCRIPT));
    }

    private static void placement() {
        add("aliased-paths", "", deb -> deb.file("/lib/acme/x", "x\n"));
        add("local-paths", "file-in-usr-local", deb -> deb.file("/usr/local/lib/x", "x\n"));
        add("local-paths", "dir-in-usr-local", deb -> deb.directory("/usr/local/acme", 0755));
        for (String place : List.of("run", "tmp", "home", "mnt", "srv")) {
            add("volatile-paths", "dir-or-file-in-" + place, deb -> deb.file("/" + place + "/acme", "x\n"));
        }
        add("volatile-paths", "dir-or-file-in-var-run", deb -> deb.file("/var/run/acme", "x\n"));
        add("volatile-paths", "dir-or-file-in-var-lock", deb -> deb.file("/var/lock/acme", "x\n"));
        add("var-paths", "non-standard-dir-in-var", deb -> deb.file("/var/acme/x", "x\n"));
        add("top-level", "non-standard-toplevel-dir", deb -> deb.file("/acme/x", "x\n"));
        add("opt", "dir-or-file-in-opt", deb -> deb.file("/opt/acme", "x\n"));
        add("unread-paths", "dbus-policy-in-etc", deb -> conffile(deb, "/etc/dbus-1/system.d/org.example.x.conf", new String(deb.content(POLICY), UTF_8)));
        add("unread-paths", "systemd-service-in-odd-location", deb -> conffile(deb, "/etc/systemd/system/acme.service", new String(deb.content(SERVICE), UTF_8)));
        add("unread-paths", "misplaced-systemd-tmpfiles", deb -> conffile(deb, "/etc/tmpfiles.d/acme.conf", "d /run/acme\n"));
        add("unread-paths", "", deb -> deb.file("/usr/lib/dracut.conf.d/acme.conf", "x=y\n"));
        add("unread-paths", "", deb -> deb.file("/usr/lib/kernel/install.conf", "layout=ostree\n"));
        add("world-writable", "", deb -> deb.mode(HELPER, 0777));
        add("set-id", "elevated-privileges", deb -> deb.mode(HELPER, 04755));
        add("modes", "non-standard-file-perm", deb -> deb.mode(PRESET, 0600));
        add("modes", "non-standard-executable-perm executable-is-not-world-readable", deb -> deb.mode(HELPER, 0750));
        add("modes", "non-standard-dir-perm", deb -> deb.directory("/usr/lib/acme", 0700).file("/usr/lib/acme/x", "x\n"));
        add("links", "symlink-has-double-slash", deb -> deb.link("/usr/lib/acme", "sysusers.d//apt-ostree.conf"));
        add("links", "symlink-ends-with-slash", deb -> deb.link("/usr/lib/acme", "sysusers.d/"));
        add("links", "symlink-has-too-many-up-segments package-contains-unsafe-symlink", deb -> deb.link("/usr/lib/acme", "../../../../etc/apt-ostreed.conf"));
        add("links", "absolute-symlink-in-top-level-folder", deb -> deb.link("/usr/lib/acme", "/usr/lib/sysusers.d"));
        // bootc stands beside it
        add("shared-paths", "", deb -> deb.file("/usr/libexec/bootc-generic-growpart", 0755, SCRIPT));
        add("conffile-missing", "file-in-etc-not-marked-as-conffile", deb -> deb.control("conffiles", null));
        add("conffile-listed", "missing-conffile", deb -> deb.editControl("conffiles", text -> text + "/etc/nowhere.conf\n"));
        add("conffile-listed", "file-in-usr-marked-as-conffile non-etc-file-marked-as-conffile", deb -> deb.editControl("conffiles", text -> text + HELPER + "\n"));
        add("conffile-listed", "duplicate-conffile", deb -> deb.editControl("conffiles", text -> text + text));
        add("conffile-listed", "relative-conffile", deb -> deb.editControl("conffiles", text -> text.substring(1)));
        add("conffile-listed", "conffile-has-bad-file-type", deb -> deb.remove(CONFFILE).link(CONFFILE, "hostname"));
        add("conffile-listed", "unexpected-conffile", deb -> deb.editControl("conffiles", text -> "remove-on-upgrade " + text));
    }

    private static void conffile(BrokenDeb deb, String path, String text) {
        deb.file(path, text).editControl("conffiles", old -> old + path + "\n");
    }

    private static void programs() {
        add("program-mode", "", deb -> deb.mode("/usr/lib/kernel/install.d/05-aptostree.install", 0644));
        add("program-kind", "executable-not-elf-or-script", deb -> deb.file("/usr/libexec/acme", 0755, "echo\n".getBytes(UTF_8)));
        add("program-kind", "", deb -> deb.file("/usr/libexec/acme", 0755, "#!/bin/sh\r\nexit 0\r\n".getBytes(UTF_8)));
        add("program-architecture", "arch-independent-package-contains-binary-or-object", deb -> deb.file("/usr/libexec/acme", 0755, "\u007fELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\76\0\1\0\0\0".getBytes(UTF_8)));
    }

    private static void units() {
        add("unit-syntax", "", deb -> deb.edit(SERVICE, text -> text.replace("Type=oneshot", "oneshot")));
        add("unit-syntax", "", deb -> deb.edit(SERVICE, text -> text.replace("[Service]", "[Servcie]")));
        add("unit-syntax", "", deb -> deb.edit(SERVICE, text -> text.replaceAll("ExecStart=.*\n", "")));
        add("unit-syntax", "", deb -> deb.edit(SERVICE, text -> text.replaceAll("ExecStart=.*\n", "").replace("[Unit]\n", "[Unit]\nFailureAction=reboot\n")));
        add("unit-syntax", "", deb -> deb.edit(SERVICE, text -> text.replace("\n", "\r\n")));
        add("unit-program", "", deb -> deb.edit(SERVICE, text -> text.replaceAll("ConditionFileIsExecutable=.*\n", "")));
        add("unit-program", "", deb -> deb.edit(SERVICE, text -> text.replaceAll("ExecStart=.*", "ExecStart=-!/usr/bin/podman \"x y\"")));
        // bootc stands beside it, and is not in Depends
        add("unit-program", "", deb -> deb.edit(SERVICE, text -> text.replaceAll("ExecStart=.*", "ExecStart=/usr/libexec/bootc-generic-growpart")));
        add("unit-program-mode", "", deb -> deb.mode(HELPER, 0644));
        add("unit-condition", "", deb -> deb.edit(SERVICE, text -> text.replaceAll("Condition.*\n", "").replaceAll("ExecStart=.*", "ExecStart=true")));
        add("unit-documentation", "systemd-service-file-missing-documentation-key", deb -> deb.edit(SERVICE, text -> text.replaceAll("Documentation=.*\n", "")));
        add("unit-documentation", "invalid-systemd-documentation", deb -> deb.edit(SERVICE, text -> text.replaceAll("Documentation=.*", "Documentation=README")));
        add("unit-wanted-by", "systemd-service-file-refers-to-unusual-wantedby-target", deb -> deb.edit(SERVICE, text -> text.replace("multi-user.target", "acme.target")));
        add("unit-wanted-by", "", deb -> deb.edit(UNITS + "apt-ostree-countme.timer", text -> text.replace("timers.target", "multi-user.target")));
        add("unit-reached", "", deb -> deb.edit(SERVICE, text -> text.replaceAll("\\[Install\\]\nWantedBy=.*\n", "")));
        add("unit-reached", "systemd-service-file-missing-install-key", deb -> deb.file(
                UNITS + "acme.service", "[Unit]\nDescription=x\nDocumentation=man:x(8)\nConditionPathExists=/x\n[Service]\nExecStart=/bin/sleep 1\n"));
    }

    private static void scripts() {
        add("script-form", "maintainer-script-ignores-errors", deb -> deb.editControl("postinst", text -> text.replace("set -e\n", "")));
        add("script-form", "script-without-interpreter", deb -> deb.editControl("postinst", text -> text.replace("#!/bin/sh\n", "")));
        add("script-form", "maintainer-script-has-unexpanded-debhelper-token", deb -> deb.editControl("postinst", text -> text + "\n#DEBHELPER#\n"));
        add("script-form", "", deb -> deb.editControl("postinst", text -> text.replace("\n", "\r\n")));
        add("script-systemctl", "maintainer-script-calls-systemctl", deb -> deb.editControl("postinst", text -> text + "systemctl --now enable acme.service\n"));
        add("script-systemctl", "", deb -> deb.editControl("postinst", text -> text + "/usr/bin/systemctl restart acme.service\n"));
        add("script-systemctl", "", deb -> deb.editControl("postinst", text -> text + "echo restarting; systemctl restart acme.service\n"));
        add("sysusers-run", "", deb -> deb.editControl("postinst", text -> text.replaceAll("systemd-sysusers.*", ":")));
        add("sysusers-run", "", deb -> deb.editControl("postinst", text -> text.replaceFirst("\n", "\nsystemd-tmpfiles --create x.conf\n")));
        add("tmpfiles-run", "", deb -> deb.editControl("postinst", text -> text.replace("apt-ostree-0-integration.conf", "")));
        add("script-depends", "", deb -> deb.field("Depends", "mount, polkitd"));
        add("preset-syntax", "", deb -> deb.edit(PRESET, text -> text + "enabled x.service\n"));
        add("preset-missing", "", deb -> deb.edit(PRESET, text -> text.replaceAll("disable apt-ostree-countme.timer\n", "")));
        add("preset-agrees", "", deb -> deb.edit(PRESET, text -> text.replace("disable apt-ostree-countme", "enable apt-ostree-countme")));
        add("preset-agrees", "", deb -> deb.edit(PRESET, text -> "disable apt*-boot*.service\n" + text));
    }

    private static void configuration() {
        for (String line : List.of("y /x", "d run/x", "d /run/x 999", "d /run/x 0755 a,b", "d /run/x - - - soon", "d /run/../x")) {
            add("tmpfiles-syntax", "", deb -> deb.edit(TMPFILES, text -> text + line + "\n"));
        }
        add("tmpfiles-replaces", "", deb -> deb.edit(TMPFILES, text -> text + "L+ /var/lib/dpkg - - - - ../../usr/lib/sysimage/dpkg\n"));
        add("tmpfiles-var-run", "systemd-tmpfile-in-var-run", deb -> deb.edit(TMPFILES, text -> text + "d /var/run/acme 0755 root root -\n"));
        add("tmpfiles-duplicate", "", deb -> deb.edit(TMPFILES, text -> text + "L /var/home - - - - ../home\n"));
        for (String line : List.of("x acme", "u Acme,Inc", "u acme one", "m acme", "u acme - A description /home", "g acme - - /home", "r acme 5-9")) {
            add("sysusers-syntax", "", deb -> deb.edit(SYSUSERS, text -> text + line + "\n"));
        }
        for (String text : List.of("kargs = \"quiet\"\n", "kargs = [\"quiet\" \"splash\"]\n", "args = [\"quiet\"]\n", "match-architectures = [\"x86_64\"]\n",
                "kargs = [\"quiet\"]\nkargs = []\n", "kargs = []\nmatch-architectures = ['amd64']\n", "[kargs]\n", "kargs = [\"quiet\n\"]\n", "kargs = [\"\\q\"]\n")) {
            add("kargs", "", deb -> deb.file("/usr/lib/bootc/kargs.d/10-acme.toml", text));
        }
        for (String text : List.of("[instal.filesystem.root]\ntype = \"ext4\"\n", "[install.filesystem.root]\ntype = ext4\n", "[install]\nkargs = [\"a\"\n",
                "[install\n", "[install]\ntype \"ext4\"\n", "type = \"ext4\"\n", "[install]\ntype = \"ext4\n")) {
            add("install-toml", "", deb -> deb.file("/usr/lib/bootc/install/10-acme.toml", text));
        }
        for (String text : List.of("[composefs]\nenabled = on\n", "[composefs]\nenabled\n", "enabled = yes\n", "[sysroot\nreadonly=true\n", "[sysroot]\nreadonly = ro\n")) {
            add("prepare-root", "", deb -> deb.file("/usr/lib/ostree/prepare-root.conf", text));
        }
        add("dbus-policy", "", deb -> deb.edit(POLICY, text -> text.replace("</busconfig>", "")));
        add("dbus-policy", "", deb -> deb.edit(POLICY, text -> text.replace("policy user=\"root\"", "policy context=\"default\"")));
        add("dbus-policy", "", deb -> deb.edit(POLICY, text -> text.replace("send_destination=", "send_to=")));
        add("dbus-policy", "", deb -> deb.edit(POLICY, text -> text.replace("<!DOCTYPE busconfig", "<!DOCTYPE busconfig [<!ENTITY x \"y\">]><!--").replaceFirst("dtd\">", "-->")));
        add("dbus-policy-destination", "dbus-policy-without-send-destination", deb -> deb.edit(POLICY, text -> text.replaceAll("send_destination=\"[^\"]*\" (?=send_interface)", "")));
        add("dbus-service", "dbus-system-service-wrong-name", deb -> deb.edit(BUS, text -> text.replace("Name=org.debian", "Name=org.example")));
        add("dbus-service", "", deb -> deb.edit(BUS, text -> text + "SystemdService=apt-ostree.service\n"));
        add("dbus-service", "", deb -> deb.edit(POLICY, text -> text.replace("<allow own=\"org.debian.aptostree1\"/>", "")));
        add("polkit", "", deb -> deb.edit(ACTIONS, text -> text.replaceFirst("<message>.*</message>", "")));
        add("polkit", "", deb -> deb.edit(ACTIONS, text -> text.replaceFirst("auth_admin_keep", "admin")));
        add("polkit-allowed", "", deb -> deb.edit(ACTIONS, text -> text.replaceFirst("<allow_any>auth_admin", "<allow_any>yes")));
    }

    /** As the JDK frames it, which is not as gzip -9n does. */
    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
