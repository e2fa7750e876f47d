# From a root file system to the disk of a machine, and to the disk that it takes its updates from.
# shellcheck shell=bash
#
#   vm_commit RELEASE TREE REPO REF       commits a release root as an OSTree tree
#   vm_disk RELEASE REPO REF MACHINE      a machine: MACHINE/disk.img with one deployment of REF, and GRUB
#   vm_updates REPO IMAGE                 the disk that plays the update server
#
# A disk is filled by mke2fs, so nothing is mounted and no loop device is used. ostree is the release's own, because
# trixie's has no composefs and would deploy a forky tree without it.

# shellcheck source=root.sh
. "${BASH_SOURCE[0]%/*}/root.sh"

STATEROOT=debian
# The remote of every machine; its repository is on a disk of its own.
VM_REMOTE=updates
# Sectors of 512 bytes: first the ESP, then the root.
VM_ESP_START=2048
VM_ROOT_START=$((VM_ESP_START + 64 * 2048))
# A panic ends the boot instead of hanging it, and a job that is slow under software emulation is no failure.
VM_KARGS=(rw console=ttyS0 panic=-1 mitigations=off
  systemd.default_timeout_start_sec=300 systemd.default_device_timeout_sec=300)

# release_tools RELEASE COMMAND...: in a throw-away layer on the release's own root, with $WORK visible.
release_tools() {
  local layer="$WORK/tmp/release-tools.$BASHPID" status=0
  overlay_root "$1" boot "$layer" || return 1
  ENTER_ROOT_BIND="$WORK" in_root "$layer/root" "${@:2}" || status=$?
  remove_overlay "$layer"
  return "$status"
}

vm_commit() {
  local release=$1 tree=$2 repo=$3 ref=$4 skip="$WORK/tmp/skip.$BASHPID" status=0
  mkdir -p "$repo"
  # What mmdebstrap put there; an image out of a container build has none, and OSTree cannot hold devices.
  find "$tree/dev" -mindepth 1 -delete
  # What is below /var must come from tmpfiles.d: the harshest reading, as an image may also seed it once.
  find "$tree/var" -mindepth 1 -maxdepth 1 -printf '/var/%f\n' >"$skip"
  # OSTree wants the defaults of /etc below /usr; dpkg needs them in /etc, so they go back afterwards.
  mv "$tree/etc" "$tree/usr/etc" &&
    release_tools "$release" sh -ec '
      [ -d "$1/objects" ] || ostree init --repo="$1" --mode=bare
      ostree commit --repo="$1" --branch="$2" --skip-list="$3" --fsync=false --add-metadata-string=version="$2" "$4"
    ' commit "$repo" "$ref" "$skip" "$tree" || status=$?
  mv "$tree/usr/etc" "$tree/etc"
  rm -f "$skip"
  return "$status"
}

vm_disk() {
  local release=$1 repo=$2 ref=$3 machine=$4 uuid root="$4/sysroot"
  uuid=$(cat /proc/sys/kernel/random/uuid)
  mkdir -p "$root"
  release_tools "$release" sh -ec '
    root=$1 repo=$2 ref=$3 stateroot=$4 remote=$5 uuid=$6
    shift 6
    # No immutable flag: mke2fs does not copy it, and an interrupted run could not be deleted.
    export OSTREE_SYSROOT_DEBUG=mutable-deployments
    ostree admin init-fs --modern "$root"
    ostree admin --sysroot="$root" stateroot-init "$stateroot"
    # The boot loader reads the root file system itself, so its paths begin there.
    ostree --repo="$root/ostree/repo" config set sysroot.bootprefix true
    ostree --repo="$root/ostree/repo" remote add --no-gpg-verify "$remote" file:///run/updates/repo
    ostree --repo="$root/ostree/repo" pull-local --disable-fsync --remote="$remote" "$repo" "$ref"
    ostree admin --sysroot="$root" deploy --stateroot="$stateroot" "$@" "$remote:$ref"
    # Without it, OSTree would fail to write a menu.
    [ -x "$(echo "$root"/ostree/deploy/*/deploy/*.0)/usr/sbin/grub-mkconfig" ] || exit 0
    # What grub-mkconfig would set; it cannot run here, because it asks for the device of a mounted root.
    export _OSTREE_GRUB2_BOOTVERSION="$(readlink "$root/boot/loader" | tr -dc 01)"
    export GRUB2_BOOT_DEVICE_ID="$uuid" GRUB2_PREPARE_ROOT_CACHE="search --set=root --fs-uuid $uuid"
    ostree admin --sysroot="$root" instutil grub2-generate >"$root/boot/loader/grub.cfg"
    # The link is how ostree knows that a machine boots by GRUB: from now on it writes the menu itself.
    mkdir "$root/boot/grub"
    ln -s ../loader/grub.cfg "$root/boot/grub/grub.cfg"
  ' disk "$root" "$repo" "$ref" "$STATEROOT" "$VM_REMOTE" "$uuid" \
    "${VM_KARGS[@]/#/--karg-append=}" "--karg-append=root=UUID=$uuid" >"$machine/deploy.log" 2>&1 || return 1
  vm_fill_disk "$root" "$machine/disk.img" "$uuid" >"$machine/disk.log" 2>&1 || return 1
  rm -rf --one-file-system "$root"
}

# The root has some room, but not so much that growing it could go unnoticed.
vm_fill_disk() {
  local root=$1 image=$2 uuid=$3 size
  size=$(($(du -sm "$root" | cut -f1) * 5 / 4 + 256))
  rm -f "$image"
  truncate -s $((size + VM_ROOT_START / 2048 + 2))M "$image"
  tools sfdisk --quiet "$image" <<EOF
label: gpt
start=$VM_ESP_START, size=$((VM_ROOT_START - VM_ESP_START)), type=uefi, name=esp
start=$VM_ROOT_START, size=$((size * 2048)), type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name=root
EOF
  tools mke2fs -q -t ext4 -L root -U "$uuid" -E "offset=$((VM_ROOT_START * 512))" -d "$root" "$image" "${size}M" &&
    vm_install_grub "$image" "$uuid"
}

vm_install_grub() {
  tools sh -ec '
    image=$1 uuid=$2 esp_start=$3 esp_size=$4
    work=$(mktemp -d)
    printf "set timeout=0\nexport timeout\nsearch --set=root --fs-uuid %s\nconfigfile (\$root)/boot/grub/grub.cfg\n" "$uuid" >"$work/grub.cfg"
    grub-mkimage -O x86_64-efi -o "$work/bootx64.efi" -p /boot/grub -c "$work/grub.cfg" \
      part_gpt ext2 normal configfile search search_fs_uuid linux echo test gzio serial all_video
    truncate -s $((esp_size * 512)) "$work/esp"
    mkfs.vfat -n ESP "$work/esp"
    mmd -i "$work/esp" ::/EFI ::/EFI/BOOT
    mcopy -i "$work/esp" "$work/bootx64.efi" ::/EFI/BOOT/BOOTX64.EFI
    dd if="$work/esp" of="$image" bs=1M seek=$((esp_start / 2048)) conv=notrunc,sparse status=none
    rm -r "$work"
  ' grub "$1" "$2" "$VM_ESP_START" "$((VM_ROOT_START - VM_ESP_START))"
}

# The label is how the machine finds it.
vm_updates() {
  local size
  size=$(($(du -sm "$1" | cut -f1) * 5 / 4 + 64))
  rm -f "$2"
  truncate -s "${size}M" "$2"
  mkdir -p "$WORK/tmp/updates.$BASHPID"
  # mke2fs takes the content of a directory, and the remote's URL ends in /repo.
  tools sh -ec 'mkdir "$1/repo" && mount --bind "$2" "$1/repo" && mke2fs -q -t ext4 -L updates -d "$1" "$3"' \
    updates "$WORK/tmp/updates.$BASHPID" "$1" "$2"
  rm -rf --one-file-system "$WORK/tmp/updates.$BASHPID"
}
