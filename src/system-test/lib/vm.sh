# From a root file system to a machine that has booted, and what it said about itself.
# shellcheck shell=bash
#
#   vm_commit RELEASE TREE REPO REF       commits a release root as an OSTree tree
#   vm_disk RELEASE REPO REF MACHINE      a machine: MACHINE/disk.img with one deployment of REF, and GRUB
#   vm_boot MACHINE NAME [OPTION] STEP... one boot, from power on to power off; the options are named there
#   fact NAME                             what the machine of the last vm_boot reported under NAME
#   vm_verdict                            fails and names what is wrong with that boot
#
# The disk is filled by mke2fs and read by debugfs, so nothing is mounted and no loop device is used. ostree is the
# release's own, because trixie's has no composefs and would deploy a forky tree without it.

# shellcheck source=root.sh
. "${BASH_SOURCE[0]%/*}/root.sh"

STATEROOT=debian
# The remote of every machine; its repository is on a disk of its own, which vm_boot --updates attaches.
VM_REMOTE=updates
# Sectors of 512 bytes: first the ESP, then the root.
VM_ESP_START=2048
VM_ROOT_START=$((VM_ESP_START + 64 * 2048))
# A panic ends the boot instead of hanging it, and a job that is slow under software emulation is no failure.
VM_KARGS=(rw console=ttyS0 panic=-1 mitigations=off
  systemd.default_timeout_start_sec=300 systemd.default_device_timeout_sec=300)
: "${VM_TIMEOUT:=420}"

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
    ' commit "$repo" "$ref" "$skip" "$tree" >"$WORK/logs/commit-${ref//\//-}.log" 2>&1 || status=$?
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

# vm_updates REPO IMAGE: the disk that plays the update server. Its label is how the machine finds it.
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

# vm_entry IMAGE DIR: the kernel, initramfs and arguments that a boot loader would take from the disk's first entry.
vm_entry() {
  local image="$1?offset=$((VM_ROOT_START * 512))" directory=$2 entry file
  mkdir -p "$directory"
  entry=$(vm_read "$image" "ls -p /boot/loader/entries" | cut -d/ -f6 | grep '^ostree-.*\.conf$' | sort -V | tail -n 1)
  vm_read "$image" "cat /boot/loader/entries/$entry" >"$directory/entry" && [ -s "$directory/entry" ] || return 1
  for file in linux initrd; do
    vm_read "$image" "dump $(vm_entry_field "$directory" "$file") $directory/$file"
  done
}

vm_entry_field() { sed -n "s/^$2 //p" "$1/entry"; }

vm_read() { tools debugfs -R "$2" "$1" 2>/dev/null; }

# Hardware acceleration, where a kernel gets as far as missing its root with it; some sandboxes have a /dev/kvm that
# does not run anything.
vm_accelerator() {
  local kernel=$1 answer="$WORK/tmp/accelerator"
  if [ ! -s "$answer" ]; then
    if [ -w /dev/kvm ] && tools timeout -s KILL 10 qemu-system-x86_64 -accel kvm -cpu host,-arch-capabilities -m 512 \
      -nodefaults -display none -serial stdio -no-reboot -kernel "$kernel" \
      -append 'console=ttyS0 panic=-1' 2>/dev/null | grep -aq 'Kernel panic'; then
      echo "-accel kvm -cpu host,-arch-capabilities" >"$answer"
    else
      # Nehalem was the fastest model; qemu64 and max took up to twice as long.
      echo "-accel tcg,thread=multi,tb-size=1024 -cpu Nehalem" >"$answer"
    fi
  fi
  cat "$answer"
}

# vm_boot MACHINE NAME [OPTION]... STEP...: the probe runs boot/guest/base.sh and then each boot/guest/STEP.sh.
#   --grub             the firmware and GRUB choose the kernel, instead of QEMU
#   --disk FILE        a further disk; may be repeated
#   --karg ARGUMENT    one more for this boot (not with --grub)
#   --cut REGEX[@SECONDS]   power cut as soon as the console or the report shows this, or so much later
# Everything it says is kept below MACHINE/NAME. The status is 0 when the machine went down by itself or by the cut.
vm_boot() {
  local machine=$1 name=$2 grub= cut= kargs="" drives=() step
  shift 2
  while [[ ${1:-} == --* ]]; do
    case $1 in
      --grub) grub=yes ;;
      --disk) drives+=(-drive "file=$2,if=virtio,format=raw,cache=unsafe") && shift ;;
      --karg) kargs+=" $2" && shift ;;
      --cut) cut=$2 && shift ;;
      *) fail "vm_boot: no option $1" && return 1 ;;
    esac
    shift
  done
  export VM_LOG="$machine/$name"
  rm -rf "$VM_LOG"
  mkdir -p "$VM_LOG/facts"
  : >"$VM_LOG/report" && : >"$VM_LOG/console"
  {
    cat "$SYSTEM_TEST/boot/guest/base.sh"
    for step in "$@"; do cat "$SYSTEM_TEST/boot/guest/$step.sh"; done
    echo finish
  } >"$VM_LOG/probe"

  vm_entry "$machine/disk.img" "$machine/entry" || { fail "$VM_LOG: no boot loader entry on the disk" && return 1; }
  local accelerator boot=()
  read -ra accelerator < <(vm_accelerator "$machine/entry/linux")
  if [ -n "$grub" ]; then
    boot=(-drive "if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd")
  else
    boot=(-kernel "$machine/entry/linux" -initrd "$machine/entry/initrd"
      -append "$(vm_entry_field "$machine/entry" options)$kargs")
  fi
  local started=$SECONDS status=0
  tools timeout -s KILL "$VM_TIMEOUT" qemu-system-x86_64 -machine q35 "${accelerator[@]}" -smp 2 -m 2048 \
    -nodefaults -display none -no-reboot -serial "file:$VM_LOG/console" -device virtio-rng-pci "${boot[@]}" \
    -drive "file=$machine/disk.img,if=virtio,format=raw,cache=unsafe" "${drives[@]}" \
    -device virtio-serial -chardev "file,id=report,path=$VM_LOG/report" \
    -device virtserialport,chardev=report,name=report \
    -smbios "type=11,value=$(vm_credential probe "$VM_LOG/probe")" \
    -smbios "type=11,value=$(vm_credential systemd.extra-unit.probe.service "$SYSTEM_TEST/boot/guest/probe.service")" \
    -smbios "type=11,value=$(vm_credential systemd.unit-dropin.multi-user.target "$SYSTEM_TEST/boot/guest/wants.conf")" \
    </dev/null >"$VM_LOG/qemu.log" 2>&1 &
  local runner=$!
  [ -z "$cut" ] || vm_cut "$runner" "$cut"
  wait "$runner" || status=$?
  vm_split_report
  echo "$((SECONDS - started)) s, status $status" >"$VM_LOG/time"
  if [ -n "$cut" ]; then
    [ -e "$VM_LOG/cut" ] || fail "$VM_LOG: the power was to be cut at '$cut', which never came"
  elif [ "$status" -ne 0 ]; then
    tail -n 5 "$VM_LOG/console" "$VM_LOG/qemu.log" >&2
    fail "$VM_LOG: the machine did not go down by itself (status $status; 137 is the limit of $VM_TIMEOUT s)"
  fi
}

vm_credential() { printf 'io.systemd.credential.binary:%s=%s' "$1" "$(base64 -w0 "$2")"; }

# Killing unshare is enough: the kernel ends its process namespace, and QEMU has nothing left to flush.
vm_cut() {
  local runner=$1 regex=${2%@*} delay=0
  [[ $2 != *@* ]] || delay=${2##*@}
  while kill -0 "$runner" 2>/dev/null; do
    if grep -aqE "$regex" "$VM_LOG/console" "$VM_LOG/report"; then
      sleep "$delay"
      pkill -KILL -P "$runner" && touch "$VM_LOG/cut"
      return
    fi
    sleep 0.1
  done
}

# The report is a row of "@@ NAME STATUS" lines, each followed by what the command said.
vm_split_report() {
  awk -v facts="$VM_LOG/facts" '
    /^@@ [a-z0-9-]+ [0-9]+$/ { file = facts "/" $2; print $3 > (file ".status"); printf "" > file; next }
    file { print > file }' "$VM_LOG/report"
}

fact() {
  [ -e "$VM_LOG/facts/$1" ] || { fail "$VM_LOG: the machine did not report '$1'" && return 1; }
  cat "$VM_LOG/facts/$1"
}

# The status of the command behind a fact.
fact_status() { cat "$VM_LOG/facts/$1.status"; }

vm_verdict() {
  local failed
  if grep -aq 'Kernel panic' "$VM_LOG/console"; then
    fail "$VM_LOG: $(grep -a 'Kernel panic' "$VM_LOG/console")"
    return 1
  fi
  fact state >/dev/null || return 1
  failed=$(fact failed)
  [ -z "$failed" ] || { fail "failed units: $failed" && return 1; }
  [ "$(fact state)" = running ] || { fail "the machine is $(fact state), not running" && return 1; }
  [ "$(fact_status ostree-booted)" = 0 ] || fail "the machine did not boot an OSTree deployment"
}
