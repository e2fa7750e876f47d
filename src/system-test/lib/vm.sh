# Boots the machine that vm-image.sh made, and knows what it said about itself.
# shellcheck shell=bash
#
#   vm_boot MACHINE NAME [OPTION] STEP... one boot, from power on to power off; the options are named there
#   vm_verdict                            fails and names what is wrong with the boot whose facts are looked at

# shellcheck source=vm-image.sh
. "${BASH_SOURCE[0]%/*}/vm-image.sh"
# shellcheck source=facts.sh
. "${BASH_SOURCE[0]%/*}/facts.sh"

: "${VM_TIMEOUT:=600}"

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
#   --grub               the firmware and GRUB choose the kernel, instead of QEMU
#   --disk FILE          a further disk; may be repeated
#   --cut REGEX          the power is cut when the console or the report shows this
#   --cut-after SECONDS  and not at once, but so much later
# Everything it says is kept below VM_LOGS/NAME (MACHINE/NAME without VM_LOGS). The status is 0 when the machine went down by itself or by the cut.
vm_boot() {
  local machine=$1 name=$2 grub='' cut='' after=0 drives=()
  shift 2
  while [[ ${1:-} == --* ]]; do
    case $1 in
      --grub) grub=yes ;;
      --disk) drives+=(-drive "file=$2,if=virtio,format=raw,cache=unsafe") && shift ;;
      --cut) cut=$2 && shift ;;
      --cut-after) after=$2 && shift ;;
      *) fail "vm_boot: no option $1" || return 1 ;;
    esac
    shift
  done
  export VM_LOG="${VM_LOGS:-$machine}/$name"
  rm -rf "$VM_LOG"
  mkdir -p "$VM_LOG/facts"
  : >"$VM_LOG/report" && : >"$VM_LOG/console"
  { probe_script "$@" && echo finish; } >"$VM_LOG/probe"

  # QEMU is handed a kernel that debugfs reads, and debugfs replays no journal; GRUB has to manage without.
  [ -n "$grub" ] || tools e2fsck -E journal_only "$machine/disk.img?offset=$((VM_ROOT_START * 512))" >/dev/null 2>&1 || true
  vm_entry "$machine/disk.img" "$machine/entry" || fail "$VM_LOG: no boot loader entry on the disk" || return 1
  local accelerator boot=()
  read -ra accelerator < <(vm_accelerator "$machine/entry/linux")
  if [ -n "$grub" ]; then
    boot=(-drive "if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd")
  else
    boot=(-kernel "$machine/entry/linux" -initrd "$machine/entry/initrd"
      -append "$(vm_entry_field "$machine/entry" options)")
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
  [ -z "$cut" ] || vm_cut "$runner" "$cut" "$after"
  wait "$runner" || status=$?
  split_report
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
  local runner=$1 regex=$2 after=$3
  while kill -0 "$runner" 2>/dev/null; do
    if grep -aqE "$regex" "$VM_LOG/console" "$VM_LOG/report"; then
      sleep "$after"
      pkill -KILL -P "$runner" && touch "$VM_LOG/cut"
      return
    fi
    sleep 0.1
  done
}

vm_verdict() {
  local failed
  if grep -aq 'Kernel panic' "$VM_LOG/console"; then
    fail "$VM_LOG: $(grep -a 'Kernel panic' "$VM_LOG/console")"
    return 1
  fi
  fact state >/dev/null || return 1
  failed=$(fact failed)
  [ -z "$failed" ] || fail "failed units: $failed" || return 1
  [ "$(fact state)" = running ] || fail "the machine is $(fact state), not running" || return 1
  [ "$(fact_status ostree-booted)" = 0 ] || fail "the machine did not boot an OSTree deployment"
}
