#!/usr/bin/env bats
# Which units are enabled, and that the administrator has the last word.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

# The enabling table: these and no others.
ENABLED=(apt-ostree-bootstatus.service apt-ostree-fix-shadow-mode.service bootc-baseimage-ids.service
  bootc-baseimage-keys.service bootc-baseimage-seed.service bootc-baseimage-sysusers.service
  bootc-generic-growpart.service)

# The units with [Install] and their state, as systemctl sees them.
states() {
  local unit units=()
  for unit in $(our_units); do
    ! grep -q '^\[Install\]' "$R/usr/lib/systemd/system/$unit" || units+=("$unit")
  done
  # Its exit status speaks of the units that are not enabled.
  paste -d ' ' <(printf '%s\n' "${units[@]}") <(inside systemctl is-enabled "${units[@]}")
}

check_states() {
  states | tee /dev/stderr >"$R.states"
  local unit
  for unit in "${ENABLED[@]}"; do
    grep -qx "$unit enabled" "$R.states" || fail "$unit is not enabled" || return 1
  done
  run grep -vxF -f <(printf '%s enabled\n' "${ENABLED[@]}") "$R.states"
  run ! grep -v ' disabled$' <<<"$output"
}

@test "freshly installed, the units are enabled as the table says" {
  new_root dracut
  inside dpkg -i "${ALL[@]}"
  check_states
}

@test "systemctl preset-all in each mode leaves every timer disabled" {
  local mode
  for mode in full enable-only disable-only; do
    new_root dracut
    inside dpkg -i "${ALL[@]}"
    inside systemctl preset-all --preset-mode=$mode
    states | grep '\.timer ' >"$R.timers"
    [ "$(wc -l <"$R.timers")" -ge 3 ]
    run ! grep -v ' disabled$' "$R.timers"
    remove_overlay "$(dirname "$R")"
  done
}

@test "systemctl preset-all agrees with the maintainer scripts" {
  new_root dracut
  inside dpkg -i "${ALL[@]}"
  inside systemctl preset-all
  check_states
}

@test "what the administrator enabled and disabled survives an upgrade and a reinstallation" {
  new_root dracut
  inside dpkg -i "${OLD[@]}"
  inside systemctl enable bootc-fetch-apply-updates.timer apt-ostreed-automatic.timer
  inside systemctl disable bootc-generic-growpart.service apt-ostree-bootstatus.service
  inside systemctl mask apt-ostree-fix-shadow-mode.service
  states >"$R.before"
  inside dpkg -i "${ALL[@]}"
  inside dpkg -i "${ALL[@]}"
  states >"$R.after"
  diff "$R.before" "$R.after"
  grep -x 'bootc-fetch-apply-updates.timer enabled' "$R.after"
  grep -x 'bootc-generic-growpart.service disabled' "$R.after"
  grep -x 'apt-ostree-fix-shadow-mode.service masked' "$R.after"
}

@test "nothing is started or restarted at installation, and removal stops what runs" {
  new_root dracut
  cp "${ALL[@]}" "$R/srv/"
  start_machine "$R"
  in_machine touch /run/bootc-baseimage-allow-install
  in_machine sh -c 'dpkg -i /srv/*.deb'
  local unit
  for unit in $(our_units); do
    run in_machine systemctl is-active "$unit"
    [ "$output" = inactive ] || fail "$unit is $output"
  done
  in_machine systemctl start bootc-fetch-apply-updates.timer
  in_machine dpkg -r bootc
  run in_machine systemctl is-active bootc-fetch-apply-updates.timer
  [ "$output" = inactive ]
}
