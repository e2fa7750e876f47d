#!/usr/bin/env bats
# The control: the suite must be able to fail.

load life.sh

setup_file() { reach broken; }
setup() { look_at broken; }

@test "a package with a unit that fails turns the verdict red, and the unit is named" {
  [ "$(fact release)" = C ]
  run vm_verdict
  [ "$status" -ne 0 ]
  [[ $output == *system-test-broken.service* ]]
}

@test "a machine without a report turns the verdict red" {
  VM_LOG="$BATS_TEST_TMPDIR/silent"
  mkdir -p "$VM_LOG/facts"
  touch "$VM_LOG/console"
  run vm_verdict
  [ "$status" -ne 0 ]
  [[ $output == *"did not report"* ]]
}

@test "a warning that is not on the list is shown" {
  run unlisted_warnings '[   12.345678] ostree-remount[300]: something new'
  [ "$status" -ne 0 ]
  [[ $output == *"something new"* ]]
}
