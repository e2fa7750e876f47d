#!/usr/bin/env bats
# bootc-generic-growpart on a loop disk with ext4. Other file systems, device mapper and md: in the suite boot.

# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
bats_require_minimum_version 1.5.0
load ../lib/packages.sh

# small_disk TYPE: a disk with a file system in a partition that ends long before the disk does, for /sysroot in the root.
# LOOP is its device.
small_disk() {
  new_root dracut
  inside dpkg -i "$(deb bootc)" >"$R.log" 2>&1
  mkdir -p "$R/sysroot"
  truncate -s 512M "$(scratch)/disk"
  printf 'label: gpt\nsize=32M\nsize=400M\n' | sfdisk -q "$(scratch)/disk"
  truncate -s 1G "$(scratch)/disk"
  LOOP=$(losetup --find --show "$(scratch)/disk")
  # Not --partscan: some kernels cannot read partition tables themselves.
  partx --add "$LOOP"
  PARTITION=${LOOP}p2
  tools "mkfs.$1" -q "$PARTITION"
}

remove_disk() {
  [ -z "${LOOP:-}" ] || detach_loop "$LOOP"
  LOOP=''
}

# The file systems that this kernel and this root may grow while they are mounted.
growable() {
  grep -qw "$1" /proc/filesystems || modprobe -q "$1" || skip "this kernel has no $1"
  # Bit 24, CAP_SYS_RESOURCE: without it the kernel grows no ext4. The suite boot grows one in its machine.
  [ "$1" != ext4 ] || (((0x$(sed -n 's/^CapEff:\s*//p' /proc/self/status) >> 24 & 1) == 1)) ||
    skip "root lacks CAP_SYS_RESOURCE on this machine"
}

teardown() {
  remove_disk
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
  [ "$partition" -gt 900 ] || fail "the partition has $partition MiB" || return 1
  [ "$filesystem" -gt 800 ] || fail "the file system has $filesystem MiB"
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

grows_and_finds_nochange() {
  growable "$1"
  small_disk "$1"
  grow
  check_grown
  run grow
  [ "$status" = 0 ]
  grep NOCHANGE <<<"$output"
  check_grown
}

@test "growpart grows partition and ext4, and a second run finds NOCHANGE and ends with 0" { grows_and_finds_nochange ext4; }
@test "growpart grows partition and xfs, and a second run finds NOCHANGE and ends with 0" { grows_and_finds_nochange xfs; }
@test "growpart grows partition and btrfs, and a second run finds NOCHANGE and ends with 0" { grows_and_finds_nochange btrfs; }

killed_at_each_step() {
  local point
  growable "$1"
  for point in "before /usr/bin/growpart" "after /usr/bin/growpart" "before /usr/bin/partx" "after /usr/bin/partx" \
    "before /usr/lib/systemd/systemd-growfs"; do
    small_disk "$1"
    "kill_${point% *}" "${point#* }"
    run grow
    [ "$status" != 0 ] || fail "not killed $point"
    release_program "${point#* }"
    grow || fail "killed $point"
    check_grown || fail "killed $point"
    remove_disk
    remove_overlay "$(dirname "$R")"
    rm "$(scratch)/disk"
  done
}

@test "growpart killed before or after each of its steps finishes in the next run, with ext4" { killed_at_each_step ext4; }
@test "growpart killed before or after each of its steps finishes in the next run, with xfs" { killed_at_each_step xfs; }

@test "growpart leaves a host alone that has no /sysroot, or one that is no mount point" {
  new_root dracut
  inside dpkg -i "$(deb bootc)" >"$R.log" 2>&1
  run inside /usr/libexec/bootc-generic-growpart
  [ "$status" = 0 ]
  grep 'is left as it is' <<<"$output"
}
