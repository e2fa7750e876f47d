#!/usr/bin/env bats
# What dracut makes of bootc-dracut's configuration.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

kernel_version() { basename "$R"/usr/lib/modules/*; }

# make_initramfs: /var/tmp/test.img in $R; its files in $R.listing. Not compressed, which takes half of the time.
make_initramfs() {
  inside dracut --force --no-compress /var/tmp/test.img "$(kernel_version)" >"$R.log" 2>&1 || fail "dracut: $(tail -n 5 "$R.log")" || return 1
  [ -s "$R/var/tmp/test.img" ] || fail "dracut made no image" || return 1
  inside lsinitrd /var/tmp/test.img >"$R.listing" 2>/dev/null
}

# holds PATTERN: in the image, or built into the kernel.
holds() {
  grep -qE "$1" "$R.listing" || grep -qE "$1" "$R/usr/lib/modules/$(kernel_version)/modules.builtin" || fail "the initramfs lacks $1"
}

@test "the initramfs that the installation made holds erofs, overlay, ostree-prepare-root and its configuration" {
  use_layer installed
  inside lsinitrd "/boot/initrd.img-$(kernel_version)" >"$R.listing" 2>/dev/null
  holds '/erofs\.ko'
  holds '/overlay\.ko'
  holds '/ostree-prepare-root$'
  holds 'usr/lib/ostree/prepare-root\.conf$'
  # Not of this host only: the disk drivers of others are there.
  holds '/(nvme|ahci|virtio_blk)\.ko'
}

@test "dracut succeeds after any one of the packages is removed" {
  local name
  for name in "${PACKAGES[@]}"; do
    use_layer installed
    inside dpkg --remove --force-depends --no-triggers "$name" >"$R.log" 2>&1
    make_initramfs || fail "after the removal of $name"
    remove_overlay "$(dirname "$R")"
  done
}

@test "with a stand-in for bootc's dracut module its unit is wanted by initrd-root-fs.target" {
  use_layer installed
  cp -a "$SYSTEM_TEST/stand-ins/root/usr/lib/dracut" "$SYSTEM_TEST/stand-ins/root/usr/lib/bootc" "$R/usr/lib/"
  make_initramfs
  local wants=etc/systemd/system/initrd-root-fs.target.wants/bootc-root-setup.service
  inside sh -ec 'mkdir /var/tmp/unpacked && cd /var/tmp/unpacked && lsinitrd --unpack ../test.img >/dev/null 2>&1'
  local unpacked=$R/var/tmp/unpacked target
  target=$(readlink "$unpacked/$wants")
  [[ $target = /* ]] || target=/${wants%/*}/$target
  [ -f "$unpacked$target" ]
  [ -x "$unpacked/usr/lib/bootc/initramfs-setup" ]
}
