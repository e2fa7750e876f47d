#!/usr/bin/env bats
# Package bootc-grub: installed and taken back, and its bootupctl on a loop disk, called as bootc calls it.

# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
bats_require_minimum_version 1.5.0
load ../lib/packages.sh

grub_root() {
  new_root dracut
  inside apt-get install -y --no-install-recommends "$(deb bootc-grub)" >"$R.log" 2>&1 || { cat "$R.log" >&2 && fail "not installed"; }
  check_dpkg_log "$R.log"
}

# new_disk SFDISK-LINE...: a GPT disk on $LOOP; the last partition, $ROOT_PARTITION, is the root, with one OSTree deployment.
new_disk() {
  local disk line
  disk=$(scratch)/disk
  truncate -s 512M "$disk"
  { echo 'label: gpt' && for line; do echo "$line"; done; } | sfdisk -q "$disk"
  LOOP=$(losetup --find --show "$disk")
  partx --add "$LOOP"
  ROOT_PARTITION=${LOOP}p$#
  tools mkfs.ext4 -q "$ROOT_PARTITION"
  [[ "$*" != *type=uefi* ]] || tools mkfs.vfat "$(esp)" >/dev/null
  on_disk sh -ec '
    tree=/var/tmp/tree
    mkdir -p $tree/usr/lib/modules/6.0 $tree/usr/etc $tree/usr/share
    echo kernel >$tree/usr/lib/modules/6.0/vmlinuz
    echo initramfs >$tree/usr/lib/modules/6.0/initramfs.img
    printf "ID=debian\nNAME=Debian\nPRETTY_NAME=\"The new machine\"\n" >$tree/usr/lib/os-release
    ostree admin init-fs --modern /sysroot
    ostree admin --sysroot=/sysroot stateroot-init debian
    # As bootc leaves it.
    ostree config --repo=/sysroot/ostree/repo set sysroot.bootloader none
    ostree config --repo=/sysroot/ostree/repo set sysroot.bootprefix true
    ostree --repo=/sysroot/ostree/repo commit --branch=image --fsync=false $tree
    ostree admin --sysroot=/sysroot deploy --stateroot=debian --karg=root=LABEL=root image' >"$R.log" 2>&1 || {
    cat "$R.log" >&2
    fail "no deployment on the disk"
  }
}

esp() { lsblk -nlpo NAME,TYPE "$LOOP" | awk '$2 == "part" { print $1 }' | while read -r p; do
  [ "$(blkid -p -o value -s PART_ENTRY_TYPE "$p")" != c12a7328-f81f-11d2-ba4b-00a0c93ec93b ] || echo "$p"
done; }

# on_disk COMMAND...: in the root, with the disk's root on /sysroot and its /boot on /boot, as bootc mounts them.
on_disk() {
  in_root "$R" sh -ec '
    mkdir -p /sysroot
    mount "$0" /sysroot
    mkdir -p /sysroot/boot
    mount --bind /sysroot/boot /boot
    "$@"' "$ROOT_PARTITION" "$@"
}

bootupctl_on_disk() { on_disk "$@" >"$R.log" 2>&1 || { cat "$R.log" >&2 && fail "bootupctl failed"; }; }

# has_on_esp FILE: whether the EFI system partition has it.
has_on_esp() { tools mdir -i "$(esp)" "::$1" >/dev/null 2>&1; }

disk_tree() { on_disk sh -c 'cd /sysroot && find boot ostree/repo/config -type f | xargs sha256sum; find boot -type l -printf "%p %l\n"' | sort; }

teardown() {
  [ -z "${LOOP:-}" ] || detach_loop "$LOOP"
  LOOP=''
  clean_test
}

ESP='size=64M, type=uefi'
BIOS='size=1M, type=21686148-6449-6E6F-744E-656564454649'
REST='type=linux'
BOOTC=(bootupctl backend install --write-uuid)

@test "bootc-grub is installed by apt, and lintian has nothing to say of it" {
  grub_root
  check_installed bootc-grub
  grep -q '^GRUB_' "$R/etc/default/grub"
  [ -d "$R/usr/lib/bootupd/updates/EFI/debian" ]
  # What bootc looks for.
  inside bootupctl backend install --help | grep -q -- --filesystem
  check_lintian "$(deb bootc-grub)"
}

@test "bootc-grub purged leaves nothing, and an /etc/default/grub that is not its own stays" {
  new_root dracut
  inside apt-get install -y --no-install-recommends grub2-common grub-efi-amd64-bin grub-pc-bin >"$R.log" 2>&1
  tree "$R" >"$R.before"
  check_purge "$(deb bootc-grub)"
  echo 'GRUB_TIMEOUT=7' >"$R/etc/default/grub"
  tree "$R" >"$R.before"
  check_purge "$(deb bootc-grub)"
}

@test "bootc-grub gives way to a package bootupd" {
  grub_root
  stand_in bootupd "$(scratch)/bootupd" "the real bootupd"
  mkdir -p "$(scratch)/bootupd/usr/bin"
  printf '#!/bin/sh\necho real\n' >"$(scratch)/bootupd/usr/bin/bootupctl"
  chmod 0755 "$(scratch)/bootupd/usr/bin/bootupctl"
  ENTER_ROOT_BIND=$(scratch) inside apt-get install -y --no-install-recommends "$(packed bootupd "$(scratch)/bootupd")" >"$R.log" 2>&1 ||
    { cat "$R.log" >&2 && fail "bootupd was not installed"; }
  check_installed bootupd
  [ "$(inside bootupctl)" = real ]
  run inside dpkg-query -W -f '${db:Status-Abbrev}' bootc-grub
  [[ $output != ii* ]]
}

has_menu() {
  on_disk cat /boot/grub/grub.cfg >"$R.menu"
  if inside test -e /usr/lib/grub/x86_64-efi/blsuki.mod; then
    grep 'blscfg --path /boot/loader/entries' "$R.menu"
  else
    grep "^menuentry 'The new machine.*ostree:0" "$R.menu"
    grep 'linux /boot/ostree/.*root=LABEL=root' "$R.menu"
    [ "$(on_disk ostree config --repo=/sysroot/ostree/repo get sysroot.bootloader)" = grub2 ]
    [ "$(on_disk readlink /boot/grub/grub.cfg)" = ../loader/grub.cfg ]
  fi
  grep "$(blkid -p -o value -s UUID "$ROOT_PARTITION")" "$R.menu"
  tools grub-script-check "$R.menu"
}

has_boot_sector() { dd if="$LOOP" bs=512 count=1 status=none | grep -q GRUB; }

# Some kernels cannot mount an EFI system partition. The suite boot has one in its machine.
needs_vfat() { grep -qw vfat /proc/filesystems || modprobe -q vfat || skip "this kernel has no vfat"; }

@test "called as bootc calls it, bootupctl installs GRUB for BIOS and a menu with OSTree's entry, more than once" {
  grub_root
  new_disk "$BIOS" "$REST"
  bootupctl_on_disk "${BOOTC[@]}" --filesystem /sysroot /
  grep "installed GRUB for BIOS on $LOOP; /boot is $ROOT_PARTITION" "$R.log"
  has_boot_sector
  has_menu
  cp "$R.menu" "$R.first"
  bootupctl_on_disk "${BOOTC[@]}" --filesystem /sysroot /
  has_menu
  cmp "$R.first" "$R.menu"
  [ -z "$(on_disk find /run /boot -name 'bootupctl.*' -o -name '*.new')" ]
  # The disk by name, as a bootupd without --filesystem is called.
  bootupctl_on_disk "${BOOTC[@]}" --device "$LOOP" /
}

@test "bootupctl installs GRUB for UEFI with the removable path, and for the firmware of this machine only with --auto" {
  needs_vfat
  grub_root
  new_disk "$BIOS" "$ESP" "$REST"
  bootupctl_on_disk "${BOOTC[@]}" --update-firmware --auto --filesystem /sysroot /
  if [ -d /sys/firmware/efi ]; then grep 'GRUB for UEFI on [^ ]*;' "$R.log"; else grep 'GRUB for BIOS on [^ ]*;' "$R.log"; fi
  bootupctl_on_disk "${BOOTC[@]}" --filesystem /sysroot /
  grep "installed GRUB for UEFI on $LOOP for BIOS on $LOOP" "$R.log"
  has_on_esp EFI/BOOT/BOOTX64.EFI
  has_on_esp EFI/debian/grubx64.efi
  has_menu
}

@test "bootupctl names what is wrong and writes nothing" {
  grub_root
  new_disk 'size=64M' "$REST"
  disk_tree >"$R.before"
  refuses() {
    local pattern=$1 expected=$2
    shift 2
    run on_disk "$@"
    [ "$status" = "$expected" ] && grep -qE -- "$pattern" <<<"$output" || {
      echo "$output" >&2
      fail "bootupctl does not name: $pattern"
    }
    disk_tree | diff "$R.before" -
  }
  refuses 'neither an EFI system partition .* nor a BIOS boot partition' 1 "${BOOTC[@]}" --filesystem /sysroot /
  refuses 'ROOT is /mnt, but only /' 1 "${BOOTC[@]}" --filesystem /sysroot /mnt
  refuses 'ROOT is missing' 2 "${BOOTC[@]}" --filesystem /sysroot
  refuses '--filesystem has no value' 2 "${BOOTC[@]}" --filesystem
  refuses 'option --src-root is unknown' 2 "${BOOTC[@]}" --src-root /
  refuses '--device /dev/null is not a block device' 1 "${BOOTC[@]}" --device /dev/null /
  refuses 'not a command of this bootupctl' 2 bootupctl adopt-and-update
  refuses 'no OSTree repository.*composefs' 1 sh -c 'umount /boot; mount -t tmpfs none /sysroot; "$@"' - "${BOOTC[@]}" --filesystem /sysroot /
  refuses '/boot/loader is not a link' 1 sh -c 'mount -t tmpfs none /boot; "$@"' - "${BOOTC[@]}" --filesystem /sysroot /
  if ! inside test -e /usr/lib/grub/x86_64-efi/blsuki.mod; then
    detach_loop "$LOOP"
    rm "$(scratch)/disk"
    new_disk "$BIOS" "$REST"
    disk_tree >"$R.before"
    rm "$R/etc/default/grub"
    refuses '/etc/default/grub is missing' 1 "${BOOTC[@]}" --filesystem /sysroot /
  fi
}
