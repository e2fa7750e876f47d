#!/usr/bin/env bats
# A server's image on machines: every Debian service works as where its package was installed.

bats_require_minimum_version 1.5.0
load services.sh

@test "a server with nine daemons boots to running, each active and answering on its port" {
  live one_first
  vm_verdict
  every_service_answers
}

@test "the same image with /var merely emptied fails" {
  use_layer server-finalized
  rm -r "$R/usr/lib/tmpfiles.d/00-bootc-baseimage.conf" "$R/usr/lib/bootc-baseimage/seed.list" "$R/usr/share/factory/var"
  empty_var "$R"
  light_boot "$R" "$BATS_TEST_TMPDIR/control" settled services
  [ "$(fact state)" = degraded ]
  fact failed
  local unit
  for unit in apache2 nginx postfix postgresql@; do
    fact failed | grep "^$unit" || fail "$unit works without its state: the tests of this file prove nothing"
  done
  [[ $(fact redis) != +PONG* ]]
}

@test "a first boot it is, and /etc/systemd is as in the image, also after preset-all in each mode" {
  live one_first
  [ "$(fact first-boot)" = yes ]
  local when
  for when in '' -full -enable-only -disable-only; do
    diff <(fact etc-systemd-image) <(fact "etc-systemd$when") || fail "/etc/systemd has changed ($when)"
  done
}

@test "two machines from one image have other machine-ids and host keys" {
  live one_first
  fact machine-id | grep -Ex '[0-9a-f]{32}' >"$BATS_TEST_TMPDIR/id"
  has_host_keys
  fact host-keys >"$BATS_TEST_TMPDIR/keys"
  live two_first
  fact machine-id | grep -Ex '[0-9a-f]{32}'
  has_host_keys
  run ! grep -qxF "$(fact machine-id)" "$BATS_TEST_TMPDIR/id"
  run ! grep -qxFf <(fact host-keys) "$BATS_TEST_TMPDIR/keys"
}

@test "host keys are made anew where a power cut left one empty, and a copy in a directory is none" {
  use_layer server-finalized
  start_machine "$R"
  # shellcheck disable=SC2016 # for the inner shell
  in_machine sh -exc '
    cd /etc/ssh
    again() { systemctl stop bootc-baseimage-keys.service; systemctl start bootc-baseimage-keys.service; }
    cat ssh_host_*_key >/run/before
    again
    cat ssh_host_*_key | cmp - /run/before
    cp ssh_host_rsa_key /run/rsa
    : >ssh_host_ed25519_key
    again
    test -s ssh_host_ed25519_key
    cmp ssh_host_rsa_key /run/rsa
    mkdir copy
    mv ssh_host_* copy/
    again
    test -s ssh_host_ed25519_key
    ! cmp ssh_host_ed25519_key copy/ssh_host_ed25519_key
  '
}

@test "they keep both over a reboot, which is an update besides" {
  live two_first
  fact machine-id >"$BATS_TEST_TMPDIR/id"
  fact host-keys >"$BATS_TEST_TMPDIR/keys"
  live two_updated
  diff "$BATS_TEST_TMPDIR/id" <(fact machine-id)
  diff "$BATS_TEST_TMPDIR/keys" <(fact host-keys)
  [ "$(fact host-key-modes)" = "/etc/ssh/ssh_host_ed25519_key 600 root:root" ]
  [ "$(fact first-boot)" = no ]
}

@test "there is no private key and no machine-id in the image" {
  use_layer server-finalized
  [ "$(cat "$R/etc/machine-id")" = uninitialized ]
  run grep -rlsE --exclude-dir=doc -e '-----BEGIN ([A-Z]+ )*PRIVATE KEY-----' "$R/etc" "$R/usr/share/factory" "$R/usr/lib/sysimage" "$R/var"
  [ -z "$output" ]
}

@test "the derived image boots to running, with the services of both and its own" {
  live two_updated
  vm_verdict
  every_service_answers
  [ "$(fact derived-services | sort -u)" = active ]
  [[ $(fact vsftpd) == 220* ]]
  [[ $(fact privoxy) == HTTP/1.*200* ]]
  [ "$(fact ftp-directory)" = directory ]
  [ "$(fact opt)" = content ]
}

@test "an update's new version of a tree arrives beside the one that the machine has, and a deleted tree does not come back" {
  live two_first
  [ "$(fact tree-there)" = /var/lib/apache2/site ]
  live two_updated
  [ "$(fact new-version)" = "/var/lib/postgresql/99/main 700 postgres
/var/lib/postgresql/99/main/PG_VERSION 600 postgres" ]
  [ -z "$(fact deleted-tree)" ]
  fact seeded | grep -x '/var/lib/apache2/site/enabled_by_admin'
}

@test "after base-files, a kernel and a package with /opt the links of the top level are still links, and /opt the image's" {
  live two_updated
  [ "$(fact top-level-links)" = "home var/home
root var/roothome
srv var/srv
mnt var/mnt
media run/media
opt 
ostree sysroot/ostree" ]
}

@test "where an administrator has added a user, the services of the update run with the image's numbers" {
  live two_updated
  fact alice
  fact accounts
  [ "$(fact accounts | grep -cE '^state-(adduser|fixed|dynamic) active image ([0-9]+) runs \2 owns \2$')" = 3 ]
  [[ $(fact accounts) == *'state-fixed active image 640 '* ]]
}
