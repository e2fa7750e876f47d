#!/bin/bash
# A stand-in for bootc's dracut module: see src/system-test/stand-ins/README.md. Never part of an initramfs by itself.

check() { return 255; }

depends() { echo systemd; }

# shellcheck disable=SC2154 # dracut sets these
install() {
    inst_multiple /usr/lib/bootc/initramfs-setup
    inst_simple "$systemdsystemunitdir/bootc-root-setup.service"
    mkdir -p "$initdir$systemdsystemconfdir/initrd-root-fs.target.wants"
    ln_r "$systemdsystemunitdir/bootc-root-setup.service" \
        "$systemdsystemconfdir/initrd-root-fs.target.wants/bootc-root-setup.service"
}
