#!/usr/bin/env bats
# bats file_tags=second
# Into the next release of the image, and back.

load life.sh

setup_file() { reach returned; }
setup() { look_at updated; }

@test "the timer, enabled and brought near, fires the update" {
  with_stand_ins || skip "the service needs bootc"
  grep -qx 'bootc upgrade --apply --quiet' "$VM_LOG/facts/calls"
  [ "$(fact timer-enabled)" = enabled ]
}

@test "the machine restarts into the new deployment, up to running" {
  vm_verdict
  [ "$(fact release)" = B ]
  warnings=$(fact warnings)
  unlisted_warnings "$warnings"
}

@test "GRUB boots what OSTree wrote into its menu" {
  with_grub || skip "grub-probe knows no composefs"
  # GRUB adds the first word; QEMU, which started the first boot's kernel, does not.
  [[ $(fact cmdline) == BOOT_IMAGE=*/boot/ostree/*" ostree=/ostree/boot."* ]]
  look_at first
  [[ $(fact cmdline) != *BOOT_IMAGE=* ]]
}

@test "/etc is merged: new defaults arrive, an administrator's changes stay" {
  [ "$(fact etc)" = "added:mine
changed:mine
default:B
new:B" ]
}

@test "/var is kept" {
  [ "$(fact var)" = kept ]
}

@test "a root that has grown is left alone at the next boot" {
  [[ $(fact growth) == *NOCHANGE:* ]]
  has_grown
}

@test "shadow files that were repaired need nothing at the next boot" {
  [[ $(fact shadow-repairs) != *"had mode"* ]]
}

@test "no unit has another state than before the update" {
  # The timer is what its owner enabled.
  fact units | unit_states >"$BATS_TEST_TMPDIR/found"
  expected_unit_states | timer_of_its_owner >"$BATS_TEST_TMPDIR/expected"
  diff "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/found"
}

@test "going back returns to the old deployment with its /etc, up to running" {
  look_at returned
  vm_verdict
  [ "$(fact release)" = A ]
  [ "$(fact etc)" = "added:mine
changed:mine
default:A" ]
}

@test "going back keeps /var" {
  look_at returned
  [ "$(fact var)" = kept ]
}
