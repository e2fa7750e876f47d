#!/usr/bin/env bats
# The units and the hook of package apt-ostree with each program of that name: none, StarlingX's, and one with every verb.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

UNITS=(apt-ostree-countme.timer apt-ostreed-automatic.timer apt-ostree-bootstatus.service apt-ostree-countme.service
  apt-ostreed-automatic.service apt-ostreed.service)

hook() { in_machine env KERNEL_INSTALL_LAYOUT="${1:-ostree}" /usr/lib/kernel/install.d/05-aptostree.install add 6.12.0 /nowhere; }

# with KIND: starts every unit of the package and runs the hook, none of which may fail.
with() {
  apt_ostree "$1"
  in_machine systemctl stop "${UNITS[@]}"
  check_units_start apt-ostree || fail "with apt-ostree $1" || return 1
  hook || fail "the hook failed with apt-ostree $1"
}

counted() { in_machine journalctl --output=cat --unit=apt-ostree-countme.service | grep -Fx counted; }

@test "no unit and no kernel installation fails for want of a verb, whichever apt-ostree there is" {
  start_ostree_machine
  : >"$R/var/log/stand-ins"
  with absent
  with starlingx
  diff /dev/null "$R/var/log/stand-ins"
  run ! counted
  # This machine has no deployment to show.
  printf '#!/bin/sh\n' >"$R/usr/local/bin/ostree" && chmod +x "$R/usr/local/bin/ostree"
  with full
  sort "$R/var/log/stand-ins" | diff - <(
    printf 'apt-ostree %s\n' 'kernel-install add 6.12.0 /nowhere' start-daemon 'status -b' 'upgrade --trigger-automatic-update-policy'
  )
  # Its sandbox keeps it out of that record.
  counted
}

@test "the kernel-install hook hands on the exit status of apt-ostree, and asks it on images only" {
  start_ostree_machine
  mkdir -p "$R/etc/stand-ins"
  local wanted
  for wanted in 77 1; do
    echo "$wanted" >"$R/etc/stand-ins/apt-ostree-kernel-install.exit"
    run hook
    [ "$status" = "$wanted" ] || fail "$status instead of $wanted: $output"
    hook bls || fail "the hook spoke up on a system with the layout bls"
  done
}

@test "a verb or an option counts as known by the text of its help, whatever the exit status" {
  start_ostree_machine
  apt_ostree starlingx
  in_machine /usr/share/apt-ostree/has-verb status
  run -1 in_machine /usr/share/apt-ostree/has-verb status -b
  run -1 in_machine /usr/share/apt-ostree/has-verb countme
  # As programs built on GLib do it: the general help, and success.
  printf '#!/bin/sh\necho "Usage: apt-ostree [OPTION...] COMMAND"\necho "  status  -b, --booted"\n' >"$R/usr/bin/apt-ostree"
  in_machine /usr/share/apt-ostree/has-verb status -b
  run -1 in_machine /usr/share/apt-ostree/has-verb countme
  run -1 in_machine /usr/share/apt-ostree/has-verb status -v
  # A name within a longer one is another.
  run -1 in_machine /usr/share/apt-ostree/has-verb stat
  run -1 in_machine /usr/share/apt-ostree/has-verb status --boot
}
