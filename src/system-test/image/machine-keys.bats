#!/usr/bin/env bats
# bats file_tags=full
# Keys that each machine makes of its own: not in the image, made before any service starts, other ones on each machine.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

# What the packages below make at their installation, with owner and mode.
KEYS='/etc/bind/rndc.key bind:bind 640
/etc/brlapi.key root:root 640
/etc/dropbear/dropbear_ed25519_host_key root:root 600
/etc/munge/munge.key munge:munge 600
/etc/nsd/nsd_server.key root:root 600
/etc/postsrsd.secret root:root 600
/etc/ssh/ssh_host_ed25519_key root:root 600
/etc/ssl/private/ssl-cert-snakeoil.key root:ssl-cert 640
/etc/xrdp/rsakeys.ini xrdp:root 600'

paths() { cut -d ' ' -f 1 <<<"$KEYS"; }

setup() {
  use_layer installed
  printf '#!/bin/sh\nexit 101\n' >"$R/usr/sbin/policy-rc.d"
  chmod 0755 "$R/usr/sbin/policy-rc.d"
  derived sh -ec 'apt-get update && apt-get install -y --no-install-recommends \
    bind9 brltty dropbear munge nsd postsrsd openssh-server ssl-cert xrdp' >"$R.log" 2>&1 || { tail -n 20 "$R.log" && false; }
  rm "$R/usr/sbin/policy-rc.d"
}

# boots: the machine's keys as lines "PATH DIGEST OWNER MODE".
boots() {
  MACHINE_DEPLOYED=yes start_machine "$R"
  in_machine journalctl -b -o cat -u bootc-baseimage-keys.service >&2
  [ "$(in_machine systemctl show -P Result bootc-baseimage-keys.service)" = success ]
  # shellcheck disable=SC2046 # a list
  in_machine sh -c 'sha256sum "$@"' sum $(paths) >"$R.sums"
  # shellcheck disable=SC2046 # a list
  in_machine stat -c '%n %U:%G %a' $(paths) >"$R.owners"
  stop_machine
}

@test "keys that packages make are not in the image, and each machine has its own, kept over a reboot" {
  local path
  for path in $(paths); do
    [ -s "$R$path" ] || fail "the package does not make $path: correct this test"
  done
  finalized
  check_image || { cat "$R.check" && false; }
  for path in $(paths) /etc/ssl/certs/ssl-cert-snakeoil.pem; do
    [ ! -e "$R$path" ] || fail "$path is in the image"
  done
  [ -z "$(inside find /etc/ssl/certs -xtype l)" ] || fail "a link of the certificate is left"
  mkdir "$(scratch)/image"
  cp -a "$R/etc" "$R/var" "$(scratch)/image/"

  boots
  diff <(printf '%s\n' "$KEYS") "$R.owners"
  cp "$R.sums" "$R.first"
  [ -s "$R/etc/ssl/certs/ssl-cert-snakeoil.pem" ]
  openssl x509 -in "$R/etc/ssl/certs/ssl-cert-snakeoil.pem" -noout -pubkey >"$R.certified"
  openssl pkey -in "$R/etc/ssl/private/ssl-cert-snakeoil.key" -pubout | diff - "$R.certified"
  # Again.
  boots
  diff "$R.first" "$R.sums"

  # A second machine from the image.
  rm -r "${R:?}/etc" "${R:?}/var"
  cp -a "$(scratch)/image/etc" "$(scratch)/image/var" "$R/"
  boots
  [ -z "$(comm -12 <(sort "$R.first") <(sort "$R.sums"))" ] || fail "two machines share a key"
}

@test "a key that cannot be made is named and fails the unit, and the others are made" {
  finalized
  printf '#!/bin/sh\nexit 1\n' >"$R/usr/sbin/mungekey"
  mkdir -p "$R/usr/lib/bootc-baseimage/finalize.d"
  printf '%s\n' 'machine-key /etc/acme.key nobody:nogroup 0400 /usr/bin/head head -c 8 /dev/urandom >"$KEY"' \
    'machine-key /etc/not-there.key - - /usr/bin/not-there false' \
    'machine-key nonsense' >"$R/usr/lib/bootc-baseimage/finalize.d/acme.conf"
  MACHINE_DEPLOYED=yes start_machine "$R"
  run in_machine systemctl is-failed bootc-baseimage-keys.service
  [ "$output" = failed ]
  in_machine journalctl -b -o cat -u bootc-baseimage-keys.service >"$R.journal"
  cat "$R.journal"
  grep -F '/etc/munge/munge.key: the command of /usr/share/bootc-baseimage/machine-keys.conf:' "$R.journal"
  grep -F 'acme.conf:3: expected "machine-key FILES OWNER MODE PROGRAM COMMAND"' "$R.journal"
  run ! grep not-there "$R.journal"
  [ "$(in_machine stat -c '%U:%G %a %s' /etc/acme.key)" = 'nobody:nogroup 400 8' ]
  in_machine test -s /etc/bind/rndc.key -a -s /etc/ssh/ssh_host_ed25519_key
}

@test "an account that puts a link in the place of its key leads root nowhere" {
  finalized
  ln -s /etc/planted "$R/etc/munge/munge.key"
  inside chown --no-dereference munge:munge /etc/munge/munge.key
  MACHINE_DEPLOYED=yes start_machine "$R"
  [ "$(in_machine stat -c '%F %U:%G %a' /etc/munge/munge.key)" = 'regular file munge:munge 600' ]
  in_machine test ! -e /etc/planted
}

@test "a key that the image's author answers for stays, and one that nothing can make again fails the check" {
  mkdir -p "$R/etc/bootc-baseimage/finalize.d"
  echo 'waive /etc/munge/munge.key' >"$R/etc/bootc-baseimage/finalize.d/image.conf"
  rm "$R/usr/sbin/named"
  cp "$R/etc/munge/munge.key" "$(scratch)/munge.key"
  run ! finalized
  cmp "$R/etc/munge/munge.key" "$(scratch)/munge.key"
  run ! check_image
  check_names identity fail '/etc/bind/rndc.key would be the same on every machine'
  run ! grep munge "$R.check"
}
