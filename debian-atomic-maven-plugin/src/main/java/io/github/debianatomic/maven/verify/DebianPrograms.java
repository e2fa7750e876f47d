package io.github.debianatomic.maven.verify;

import java.util.HashMap;
import java.util.Map;

/** Where Debian has the programs that units start, and of which package they are; looked up in trixie. */
final class DebianPrograms {

    /** Of Essential packages, and of systemd, without which there are no units. */
    private static final String ALWAYS =
            """
            bin: bash cat chgrp chmod chown cp dash date dd df dmesg dpkg echo env expr false find findmnt flock getent grep gunzip gzip \
            head hostname id install ionice ln logger ls lsblk mkdir mkfifo mknod mktemp mountpoint mv nice nsenter perl printf pwd \
            readlink realpath renice rm rmdir run-parts sed setpriv setsid sh sleep sort stat sync tail tar tee test timeout touch tr true \
            truncate uname unshare wc xargs busctl journalctl loginctl systemctl systemd-analyze systemd-cat systemd-firstboot \
            systemd-machine-id-setup systemd-notify systemd-run systemd-sysusers systemd-tmpfiles deb-systemd-helper deb-systemd-invoke
            sbin: agetty blkid blockdev fstrim ldconfig start-stop-daemon wipefs
            """;

    /** Of packages to depend on. */
    private static final String OTHERS =
            """
            bin apt: apt apt-get
            bin cloud-guest-utils: growpart
            bin dracut|dracut-core: dracut lsinitrd
            bin mount: mount umount
            bin openssh-client: ssh ssh-keygen
            bin ostree: ostree
            bin podman: podman
            bin python3|python3-minimal: python3
            bin udev: udevadm
            sbin e2fsprogs: e2fsck mke2fs resize2fs tune2fs
            sbin fdisk: fdisk sfdisk
            sbin mount: losetup swapoff swapon
            """;

    private static final Map<String, String> TABLE = new HashMap<>();

    static {
        read(ALWAYS);
        read(OTHERS);
    }

    private DebianPrograms() {}

    private static void read(String table) {
        table.lines().forEach(line -> {
            String[] words = line.split(":? ");
            boolean always = line.matches("s?bin:.*");
            for (int i = always ? 1 : 2; i < words.length; i++) {
                TABLE.put("/usr/" + words[0] + "/" + words[i], always ? "" : words[1]);
            }
        });
    }

    /** The packages that have it, with | between them; empty when it is always there; null when the table lacks it. */
    static String packagesOf(String path) {
        // systemd's helpers are as sure as systemd
        return path.startsWith("/usr/lib/systemd/systemd-") ? "" : TABLE.get(path);
    }
}
