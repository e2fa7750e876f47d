#!/usr/bin/env bats
# What "systemd-analyze security" of trixie gives each service, against a golden text, and a reason for each setting that
# stays open. Renewed by GOLDEN_RENEW=yes in the environment of src/system-test/run.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

@test "each service is as exposed as its golden text has it, and each open setting has a reason" {
  [ "$RELEASE" = trixie ] || skip "the figures are those of trixie's systemd"
  use_layer installed
  local unit golden=$SYSTEM_TEST/install/security/exposure
  for unit in $(our_units bootc apt-ostree | grep '\.service$') bootc-baseimage-ids.service; do
    inside systemd-analyze security --offline=true --no-pager "$unit" | sed -n 's/^→ Overall exposure level for \(.*\): \([0-9.]* [A-Z]*\).*/\1 \2/p' | tr '\n' '\t'
    inside systemd-analyze security --offline=true --no-pager --json=short "$unit"
  done >"$R.security"
  "$SYSTEM_TEST/install/security/report" "$SYSTEM_TEST/install/security/reasons" <"$R.security" >"$R.exposure"
  [ "${GOLDEN_RENEW:-}" != yes ] || cp "$R.exposure" "$golden"
  diff "$golden" "$R.exposure"
}
