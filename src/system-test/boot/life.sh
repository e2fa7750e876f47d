# The life of one machine per release, told by the bats files of this folder: each calls reach STAGE and then looks at
# what the boots of that stage reported. A stage is lived once, whichever file asks first.
# shellcheck shell=bash

# shellcheck source=../lib/image.sh
. "${BASH_SOURCE[0]%/*}/../lib/image.sh"
# shellcheck source=../lib/vm.sh
. "${BASH_SOURCE[0]%/*}/../lib/vm.sh"

# Without the stand-ins nothing may start that needs them, and nothing may fail. Unless STAND_INS says yes or no, trixie's
# machine has them and those of the other releases have not.
: "${RELEASE:=trixie}"
if [ "$RELEASE" = trixie ]; then : "${STAND_INS:=yes}"; else : "${STAND_INS:=no}"; fi
export RELEASE STAND_INS
LIVES="$WORK/boot/$RELEASE"
MACHINE_DIR="$LIVES/machine"
# Kept when the rest of the work directory is emptied: console, report, facts and times of every boot.
export VM_LOGS="$WORK/logs/boot-$RELEASE"
# shellcheck source=../lib/stages.sh
. "${BASH_SOURCE[0]%/*}/../lib/stages.sh"
REPO="$LIVES/repo"
REF="debian/$RELEASE"
# What grows by itself while the machine is off.
GROWTH=512M

reach() {
  local stage
  for stage in image first updated returned growth-cut grown staged-cut finalizing-cut recovered broken; do
    live_once "$SYSTEM_TEST/boot/life.sh" "$stage" || return 1
    [ "$stage" != "$1" ] || return 0
  done
}

with_stand_ins() { [ "$STAND_INS" = yes ]; }

# GRUB's own menu needs grub-probe to find the device of /, which it does not on composefs: not on forky and sid.
with_grub() { [ "$RELEASE" = trixie ]; }
LOADER=()
! with_grub || LOADER=(--grub)

# Three releases of one image: what a machine is installed with, a good update, and one with a unit that fails.
stage_image() {
  local layer="$WORK/tmp/boot-$RELEASE" R
  stack_root "$(layers installed)" "$layer"
  R="$layer/root"
  if with_stand_ins; then
    cp -a "$SYSTEM_TEST/stand-ins/root/." "$R/"
    # --check wants what the real bootc calls.
    ln -s true "$R/usr/bin/podman"
    ln -s true "$R/usr/bin/skopeo"
  fi
  if with_grub; then
    inside apt-get install -y --no-install-recommends grub2-common
    # Without this file, which the packages of a platform's GRUB make, OSTree writes no entries into the menu.
    printf '%s\n' GRUB_TIMEOUT=0 GRUB_TERMINAL=console GRUB_DISABLE_OS_PROBER=true >"$R/etc/default/grub"
  fi
  echo A >"$R/usr/lib/system-test-release"
  mkdir "$R/etc/system-test"
  for name in default changed removed; do echo A >"$R/etc/system-test/$name"; done
  finalize
  wrong_shadow_modes "$R/etc"
  vm_commit "$RELEASE" "$R" "$REPO" "$REF"
  vm_disk "$RELEASE" "$REPO" "$REF" "$MACHINE_DIR"

  echo B >"$R/usr/lib/system-test-release"
  for name in default changed removed new; do echo B >"$R/etc/system-test/$name"; done
  vm_commit "$RELEASE" "$R" "$REPO" "$REF"
  vm_updates "$REPO" "$LIVES/updates-b.img"

  echo C >"$R/usr/lib/system-test-release"
  cp "$(broken_package)" "$R/tmp/broken.deb"
  inside dpkg -i /tmp/broken.deb
  rm "$R/tmp/broken.deb"
  vm_commit "$RELEASE" "$R" "$REPO" "$REF"
  vm_updates "$REPO" "$LIVES/updates-c.img"
  remove_overlay "$layer"
}

# As images from elsewhere have them: nobody but root could have a password checked.
wrong_shadow_modes() {
  local name
  for name in shadow gshadow; do
    cp "$1/$name" "$1/$name-"
    chown root:root "$1/$name" "$1/$name-"
    chmod 0000 "$1/$name" "$1/$name-"
  done
}

broken_package() {
  local tree="$WORK/tmp/broken"
  mkdir -p "$tree/DEBIAN" "$tree/usr/lib/systemd/system/multi-user.target.wants"
  printf '%s\n' 'Package: system-test-broken' 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@localhost>' \
    'Description: a unit that fails' >"$tree/DEBIAN/control"
  printf '%s\n' '[Service]' 'Type=oneshot' 'ExecStart=/bin/false' >"$tree/usr/lib/systemd/system/system-test-broken.service"
  ln -sf ../system-test-broken.service "$tree/usr/lib/systemd/system/multi-user.target.wants/"
  dpkg-deb -b --root-owner-group -Zgzip "$tree" "$tree.deb" >/dev/null
  echo "$tree.deb"
}

# The machine comes up for the first time on a disk larger than its image, is used, and updates itself.
stage_first() {
  local disks=()
  truncate -s "+$GROWTH" "$MACHINE_DIR/disk.img"
  if [ "$RELEASE" = trixie ]; then
    other_file_systems "$LIVES/other"
    disks=(--disk "$LIVES/other/xfs.img" --disk "$LIVES/other/btrfs.img" --disk "$LIVES/other/layered.img")
  fi
  if with_stand_ins; then
    vm_boot "$MACHINE_DIR" first --disk "$LIVES/updates-b.img" "${disks[@]}" \
      settled common first called ${disks:+other-file-systems} use update-by-timer
  else
    vm_boot "$MACHINE_DIR" first --disk "$LIVES/updates-b.img" "${disks[@]}" \
      settled common first ${disks:+other-file-systems} use update-by-hand
  fi
}

# Roots that growpart may meet: a small partition on a larger disk, for each kind.
other_file_systems() {
  mkdir -p "$1"
  tools sh -ec '
    cd "$1"
    for kind in xfs btrfs; do
      truncate -s 320M $kind.part
      mkfs.$kind -q $kind.part
      truncate -s 512M $kind.img
      printf "label: gpt\nstart=2048, size=655360, name=%s\n" $kind | sfdisk --quiet $kind.img
      dd if=$kind.part of=$kind.img bs=1M seek=1 conv=notrunc,sparse status=none
      rm $kind.part
    done
    truncate -s 192M layered.img
    printf "label: gpt\nsize=64M, name=for-dm\nsize=64M, name=for-md\n" | sfdisk --quiet layered.img
    # The image has neither tool, and only their libraries besides.
    truncate -s 32M tools.img
    mkdir tools
    cp /usr/sbin/dmsetup /usr/sbin/mdadm tools/
    cp -L /usr/lib/x86_64-linux-gnu/libdevmapper.so.1.02.1 tools/
    printf "size=24M, name=tools\n" | sfdisk --quiet --append layered.img
    mke2fs -q -t ext4 -d tools tools.img 24M
    start=$(sfdisk --json layered.img | python3 -c "import json,sys; print(json.load(sys.stdin)[\"partitiontable\"][\"partitions\"][2][\"start\"])")
    dd if=tools.img of=layered.img bs=512 seek="$start" conv=notrunc,sparse status=none
    rm -r tools tools.img
  ' other "$1"
}

# It is in the update, and goes back to what it had.
stage_updated() { vm_boot "$MACHINE_DIR" updated "${LOADER[@]}" settled common updated go-back; }
stage_returned() {
  vm_boot "$MACHINE_DIR" returned "${LOADER[@]}" settled common updated
  cp --sparse=always "$MACHINE_DIR/disk.img" "$LIVES/returned.img"
}

# The power fails while the root grows, while an update is staged, and while it becomes the default on the way down.
stage_growth_cut() {
  truncate -s "+$GROWTH" "$MACHINE_DIR/disk.img"
  vm_boot "$MACHINE_DIR" growth-cut --cut '@@ growing' watch-growth
}
stage_grown() {
  vm_boot "$MACHINE_DIR" grown "${LOADER[@]}" --disk "$LIVES/updates-b.img" --cut '@@ fetching' --cut-after 1 \
    settled common updated stage-update
}
stage_staged_cut() {
  vm_boot "$MACHINE_DIR" staged-cut "${LOADER[@]}" --disk "$LIVES/updates-b.img" --cut '@@ staged' \
    settled common updated stage-update
}
stage_finalizing_cut() {
  vm_boot "$MACHINE_DIR" finalizing-cut "${LOADER[@]}" --disk "$LIVES/updates-b.img" \
    --cut 'Stopping .*ostree-finalize-staged' --cut-after 2 \
    settled common updated stage-update restart
}

# Whatever is left of that, the machine takes the next update.
stage_recovered() {
  vm_boot "$MACHINE_DIR" recovered "${LOADER[@]}" --disk "$LIVES/updates-c.img" settled common updated stage-update restart
}
stage_broken() { vm_boot "$MACHINE_DIR" broken settled common updated; }

# Units as lines "ID FILE-STATE ACTIVITY", as the table unit-states has them.
unit_states() {
  awk -v RS= '{
    split("", value)
    for (i = 1; i <= NF; i++) { at = index($i, "="); value[substr($i, 1, at - 1)] = substr($i, at + 1) }
    print value["Id"], value["UnitFileState"], value["ActiveState"]
  }' | sort
}

expected_unit_states() {
  local columns='$1, $2, $3'
  with_stand_ins || columns='$1, $4, $5'
  awk "!/^#/ { print $columns }" "$SYSTEM_TEST/boot/unit-states" | sort
}

timer_of_its_owner() {
  if with_stand_ins; then
    sed 's/^\(bootc-fetch-apply-updates.timer\) disabled inactive/\1 enabled active/'
  else
    cat
  fi
}

# unlisted_warnings TEXT: shows what the list does not know, and fails if there is any.
unlisted_warnings() { ! grep -vE -f <(grep -v '^#' "$SYSTEM_TEST/boot/warnings") <<<"$1" | grep .; }

# Nothing of the disk is left over but the ESP and the tables; file systems keep some of it for themselves.
has_grown() {
  local disk partition size
  disk=$(fact disk-size) && partition=$(fact partition-size) && size=$(fact file-system-size) || return 1
  [ "$partition" -gt $((disk - 80 * 1024 * 1024)) ] || fail "the partition has $partition bytes of $disk" || return 1
  [ "$size" -gt $((partition * 9 / 10)) ] || fail "the file system has $size bytes of $partition"
}
