#!/usr/bin/env bats
# bootc-generic-growpart on a loop disk with ext4. Other file systems, device mapper and md: in the suite boot.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

# A disk of 256 MiB with a partition of 64 MiB at its end, seen in the root as /sysroot. LOOP is its device.
small_disk() {
  new_root dracut
  inside dpkg -i "$(deb bootc)" >"$R.log" 2>&1
  mkdir -p "$R/sysroot"
  truncate -s 128M "$(scratch)/disk"
  printf 'label: gpt\nsize=32M\nsize=64M\n' | sfdisk -q "$(scratch)/disk"
  truncate -s 256M "$(scratch)/disk"
  LOOP=$(losetup --find --show --partscan "$(scratch)/disk")
  PARTITION=${LOOP}p2
  tools mkfs.ext4 -q "$PARTITION"
}

teardown() {
  [ -z "${LOOP:-}" ] || losetup -d "$LOOP"
  # shellcheck disable=SC2317 # the one of packages.sh, which this one hides
  clean_test
}

# The helper, with /sysroot mounted as OSTree does it, read-only; prints the sizes of partition and file system.
grow() {
  in_root "$R" sh -c '
    mount -o ro '"$PARTITION"' /sysroot
    /usr/libexec/bootc-generic-growpart
    status=$?
    echo "$(($(cat /sys/class/block/'"${PARTITION##*/}"'/size) / 2048)) $(df --output=size -BM /sysroot | tr -dc 0-9)" >/var/tmp/sizes
    grep -q " /sysroot .*\bro\b" /proc/mounts || { echo "/sysroot did not stay read-only"; exit 1; }
    exit $status'
}

check_grown() {
  local partition filesystem
  read -r partition filesystem <"$R/var/tmp/sizes"
  [ "$partition" -gt 200 ] || fail "the partition has $partition MiB" || return 1
  [ "$filesystem" -gt 180 ] || fail "the file system has $filesystem MiB" || return 1
  tools e2fsck -fn "$PARTITION" >/dev/null || fail "the file system is damaged"
}

# kill_before PROGRAM: in its place, one that kills the helper; kill_after: one that does its work first.
kill_before() { trap_program "$1" 'kill -9 $PPID; exit 9'; }
kill_after() { trap_program "$1" "$1.real \"\$@\"; kill -9 \$PPID; exit 9"; }
trap_program() {
  mv "$R$1" "$R$1.real"
  printf '#!/bin/sh\n%s\n' "$2" >"$R$1"
  chmod 0755 "$R$1"
}
release_program() { mv "$R$1.real" "$R$1"; }

@test "growpart grows partition and ext4, and a second run finds NOCHANGE and ends with 0" {
  small_disk
  grow
  check_grown
  run grow
  [ "$status" = 0 ]
  grep NOCHANGE <<<"$output"
  check_grown
}

@test "growpart killed before the partition, between partition and file system, or in partx, finishes in the next run" {
  local point
  for point in "before /usr/bin/growpart" "after /usr/bin/growpart" "before /usr/bin/partx" "after /usr/bin/partx" \
    "before /usr/lib/systemd/systemd-growfs"; do
    small_disk
    # shellcheck disable=SC2086 # two words
    set -- $point
    "kill_$1" "$2"
    run grow
    [ "$status" != 0 ] || fail "not killed $point"
    release_program "$2"
    grow || fail "killed $point"
    check_grown || fail "killed $point"
    losetup -d "$LOOP"
    LOOP=''
    remove_overlay "$(dirname "$R")"
    rm "$(scratch)/disk"
  done
}

@test "growpart leaves a host alone that has no /sysroot, or one that is no mount point" {
  new_root dracut
  inside dpkg -i "$(deb bootc)" >"$R.log" 2>&1
  run inside /usr/libexec/bootc-generic-growpart
  [ "$status" = 0 ]
  grep 'is left as it is' <<<"$output"
}
