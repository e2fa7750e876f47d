# Root file systems of a Debian release: made once, used by many tests.
# shellcheck shell=bash
#
#   root_tarball RELEASE FLAVOUR        prints the tarball's path; makes it on first use
#   unpack_root RELEASE FLAVOUR DIR     a full copy on disk
#   overlay_root RELEASE FLAVOUR DIR    DIR/root, a throw-away layer on the shared copy; remove_overlay DIR
#   in_root DIR COMMAND...              runs in the chroot, in its own mount and process namespace
#   tools COMMAND...                    the same in trixie's tools root, with $WORK and / visible (see there)
#
# Flavours: boot (what boots, with dracut and a kernel), dracut (the same without a kernel, so that nothing waits for
# an initramfs), initramfs (a stock root: initramfs-tools and a kernel, no OSTree), tools (trixie only).

# shellcheck source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

BOOT_PACKAGES="systemd systemd-sysv systemd-resolved libpam-systemd libnss-systemd dbus polkitd udev kmod dracut ostree
  ostree-boot linux-image-cloud-amd64 e2fsprogs dosfstools fdisk cloud-guest-utils zstd xz-utils iproute2
  ca-certificates procps"
INITRAMFS_PACKAGES="systemd systemd-sysv dbus polkitd udev kmod initramfs-tools linux-image-cloud-amd64 e2fsprogs"
# The host's own are too old: ostree 2022.7 and QEMU 7 on bookworm, and lintian must know aliased locations.
TOOLS_PACKAGES="ostree qemu-system-x86 qemu-utils e2fsprogs xfsprogs btrfs-progs dosfstools mtools fdisk parted
  grub-common grub2-common grub-pc-bin grub-efi-amd64-bin lintian zstd xz-utils cpio dracut-core mdadm dmsetup
  ovmf python3"

root_packages() {
  case $1 in
    boot) echo "$BOOT_PACKAGES" ;;
    initramfs) echo "$INITRAMFS_PACKAGES" ;;
    tools) echo "$TOOLS_PACKAGES" ;;
    *) fail "no flavour $1" ;;
  esac
}

root_tarball() {
  local release=$1 flavour=$2 tarball="$WORK/roots/$1-$2.tar"
  mkdir -p "$WORK/roots" "$WORK/tmp" "$WORK/logs"
  (
    # Two tests that want the same root at the same time: the second one waits.
    flock 9
    [ -f "$tarball" ] || make_root "$release" "$flavour" "$tarball"
  ) 9>"$tarball.lock" >&2 || return 1
  printf '%s\n' "$tarball"
}

make_root() {
  local release=$1 flavour=$2 tarball=$3 log="$WORK/logs/root-$1-$2.log" started=$SECONDS
  if [ "$flavour" = dracut ]; then
    make_root_without_kernel "$release" "$tarball"
  else
    # mmdebstrap hands a file descriptor to a shell that takes single digits only: the open ones must not use them up.
    TMPDIR="$WORK/tmp" mmdebstrap --variant=minbase --mode=root --format=tar \
      --include="$(root_packages "$flavour" | tr -s ' \n' ',' | sed 's/,$//')" \
      --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' \
      --aptopt='APT::Install-Recommends "false"' \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='force-unsafe-io' \
      --skip=cleanup/apt/lists \
      "$release" "$tarball.part" "$(mirror)" >"$log" 2>&1 \
      3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  fi || {
    tail -n 20 "$log" >&2
    rm -f "$tarball.part"
    fail "no root $release-$flavour; see $log"
    return 1
  }
  mv "$tarball.part" "$tarball"
  say "root $release-$flavour made in $((SECONDS - started)) s"
}

make_root_without_kernel() {
  local scratch="$WORK/tmp/no-kernel.$1"
  unpack_root "$1" boot "$scratch" &&
    in_root "$scratch" sh -c '
      # From forky on a kernel is several packages.
      dpkg --purge $(dpkg-query -W -f "\${Package} " "linux-image*" "linux-binary-*" "linux-modules-*" "linux-base-*")
      ! ls /usr/lib/modules/*' >"$WORK/logs/root-$1-dracut.log" 2>&1 &&
    tar --numeric-owner --xattrs --one-file-system -C "$scratch" -cf "$2.part" . &&
    rm -rf --one-file-system "$scratch"
}

unpack_root() {
  local tarball
  tarball=$(root_tarball "$1" "$2") || return 1
  mkdir -p "$3" && tar --numeric-owner --xattrs --xattrs-include='*' -C "$3" -xf "$tarball"
}

# root_dir RELEASE FLAVOUR: the shared copy, which no test writes to.
root_dir() {
  local directory="$WORK/roots/$1-$2"
  mkdir -p "$WORK/roots"
  (
    flock 9
    [ -d "$directory" ] || { unpack_root "$1" "$2" "$directory.part" && mv "$directory.part" "$directory"; }
  ) 9>"$directory.dir.lock" || return 1
  printf '%s\n' "$directory"
}

# The layer is on the same file system as the shared copy: otherwise one file system would show two device numbers.
overlay_root() {
  local lower
  lower=$(root_dir "$1" "$2") || return 1
  stack_root "$lower" "$3"
}

# stack_root LOWER DIR: a layer on any tree, or on several, the uppermost first (a:b).
stack_root() {
  # What an interrupted test left behind: a volatile layer cannot be mounted again.
  remove_overlay "$2"
  mkdir -p "$2/upper" "$2/scratch" "$2/root"
  # volatile: the layer is thrown away, so nothing of it needs to reach the disk.
  mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/scratch,volatile" overlay "$2/root"
}

remove_overlay() {
  ! mountpoint -q "$1/root" || umount -R "$1/root"
  rm -rf --one-file-system "$1"
}

# in_root DIR COMMAND...: /proc, /sys, /dev, an empty /run and the run's package pool as apt's cache are there for this
# one command; daemons that it leaves behind end with it.
in_root() {
  local root=$1
  shift
  mkdir -p "$WORK/pool/partial"
  unshare --mount --pid --fork --kill-child --propagation private -- \
    "$SYSTEM_TEST/lib/enter-root" "$root" "$@"
}

# tools COMMAND...: trixie's ostree, QEMU, lintian and file system tools. The work directory and the repository have
# the same paths inside, and /dev is the host's (loop devices).
tools() {
  local root
  root=$(root_dir trixie tools) || return 1
  ENTER_ROOT_BIND="$WORK:$REPOSITORY:${DEBS}:${OLD_DEBS}:${ENTER_ROOT_BIND:-}" in_root "$root" "$@"
}
