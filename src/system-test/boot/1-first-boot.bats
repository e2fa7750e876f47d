#!/usr/bin/env bats
# bats file_tags=second
# A machine that nobody has used: up to running, with every unit as its package means it.

load life.sh

setup_file() { reach first; }
setup() { look_at first; }

@test "the machine comes up to running with no failed unit" {
  vm_verdict
  [ "$(fact release)" = A ]
  [ -z "$(fact failed-later)" ]
}

@test "the journal's warnings are those of the list" {
  warnings=$(fact warnings)
  unlisted_warnings "$warnings"
}

@test "each unit is in the state that the enabling table says" {
  fact units | unit_states >"$BATS_TEST_TMPDIR/found"
  expected_unit_states >"$BATS_TEST_TMPDIR/expected"
  diff "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/found"
}

@test "/usr and /sysroot are read-only, /etc and /var writable" {
  [ "$(fact writable)" = "/usr read-only
/etc writable
/var writable
/sysroot read-only" ]
}

@test "the root is composefs where the release has it" {
  case $RELEASE in
    trixie) [[ $(fact root) == ext4\ * ]] ;;
    *) [[ $(fact root) == overlay\ * ]] ;;
  esac
}

@test "dpkg knows the packages through the moved database" {
  [ "$(fact dpkg)" = "apt-ostree installed
bootc installed
bootc-baseimage installed
bootc-dracut installed" ]
}

@test "the root has grown to the end of the enlarged disk" {
  [[ $(fact growth) == *CHANGED:*"Successfully resized"* ]]
  has_grown
}

@test "growing a second time changes nothing" {
  [ "$(fact_status grow-again)" = 0 ]
  [[ $(fact growth-again) == *NOCHANGE:* ]]
}

@test "xfs and btrfs roots grow; device mapper and RAID are left alone without an error" {
  [ "$RELEASE" = trixie ] || skip "once is enough: the helper is a script"
  local kind
  for kind in xfs btrfs; do
    [[ $(fact $kind-grown) == *CHANGED:* ]]
    [[ $(fact $kind-again) == *NOCHANGE:* ]]
    awk '/^size before/ { exit !($5 > $3 * 1.4) }' "$VM_LOG/facts/$kind-grown"
    awk '/^size before/ { exit !($5 == $3) }' "$VM_LOG/facts/$kind-again"
  done
  for kind in dm md; do
    [ "$(fact_status $kind-made)" = 0 ]
    [ "$(fact_status $kind-grown)" = 0 ]
    [[ $(fact $kind-grown) == *"is left as it is"* ]]
  done
}

@test "the shadow files get their owner and mode once" {
  [ "$(fact shadow-modes)" = "/etc/shadow 640 root:shadow
/etc/shadow- 640 root:shadow
/etc/gshadow 640 root:shadow
/etc/gshadow- 640 root:shadow" ]
  [[ $(fact shadow-repairs) == *"had mode 0000"* ]]
  [ "$(fact_status shadow-again)" = 0 ]
  [ "$(fact shadow-repairs | grep -c 'had mode')" = "$(fact shadow-repairs-again | grep -c 'had mode')" ]
}

@test "a call on the bus starts apt-ostreed" {
  with_stand_ins || skip "without a program there is nothing to start"
  [ "$(fact daemon-before)" = inactive ]
  [ "$(fact bus-call)" = 's "stand-in Status"' ]
  [ "$(fact daemon-after)" = active ]
  [[ $(fact bus-owner) == *Unit=apt-ostreed.service* ]]
}

@test "nobody but root owns the daemon's name" {
  [[ $(fact bus-steal) == *"Access denied"* ]]
}

@test "the booted deployment is logged" {
  with_stand_ins || skip "apt-ostree logs it"
  [[ $(fact bootstatus) == *"debian "*.0* ]]
  grep -qx 'apt-ostree status -b' "$VM_LOG/facts/calls"
}

@test "bootc's generator is asked, and a change of its status reaches the target" {
  with_stand_ins || skip "bootc links the units"
  fact early-calls | grep -q 'bootc internals systemd-generator /run/systemd/generator'
  fact early-calls | grep -q 'bootc internals sysusers-sync'
  [ "$(fact_status status-changes)" = 0 ]
}

@test "bootc's unit is in the initramfs and leaves an OSTree boot alone" {
  with_stand_ins || skip "bootc's dracut module puts it there"
  [[ $(fact initrd-unit) == *"unmet condition check ConditionKernelCommandLine=composefs"* ]]
}

@test "without bootc and apt-ostree nothing is started and nothing fails" {
  ! with_stand_ins || skip "they are there"
  [ "$(fact_status bus-call)" != 0 ]
  [ "$(fact daemon-after)" = inactive ]
  [ "$(fact_status service-started)" = 0 ]
  [[ $(fact service-condition) == *ConditionResult=no* ]]
}
