# The growpart helper on roots that are not ext4 on a partition: each is mounted read-only, as OSTree mounts /sysroot.
# shellcheck shell=bash
grow() {
  local size
  size=$(findmnt -bno SIZE "$1")
  /usr/libexec/bootc-generic-growpart --sysroot "$1" || return
  echo "size before $size after $(findmnt -bno SIZE "$1")"
}

for kind in xfs btrfs; do
  mkdir -p "/run/other/$kind"
  fact "$kind-mounted" mount -t "$kind" -o ro "/dev/disk/by-partlabel/$kind" "/run/other/$kind"
  fact "$kind-grown" grow "/run/other/$kind"
  fact "$kind-again" grow "/run/other/$kind"
done

mkdir -p /run/other/{tools,dm,md}
mount -o ro /dev/disk/by-partlabel/tools /run/other/tools
export LD_LIBRARY_PATH=/run/other/tools
modprobe -a dm_mod raid1
mkfs.ext4 -q /dev/disk/by-partlabel/for-dm
fact dm-made /run/other/tools/dmsetup create system-test --table \
  "0 $(blockdev --getsz /dev/disk/by-partlabel/for-dm) linear $(readlink -f /dev/disk/by-partlabel/for-dm) 0"
mount -o ro "/dev/dm-0" /run/other/dm
fact dm-grown grow /run/other/dm
fact md-made /run/other/tools/mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --metadata=1.0 \
  /dev/disk/by-partlabel/for-md missing
mkfs.ext4 -q /dev/md0
mount -o ro /dev/md0 /run/other/md
fact md-grown grow /run/other/md
unset LD_LIBRARY_PATH
# Nothing of it may be in the way when the machine goes down.
umount /run/other/{xfs,btrfs,dm,md}
/run/other/tools/mdadm --stop /dev/md0
LD_LIBRARY_PATH=/run/other/tools /run/other/tools/dmsetup remove system-test
umount /run/other/tools
