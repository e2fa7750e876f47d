#!/usr/bin/env bats
# The bus name of the daemon and polkit's say in it, on a real bus with a real polkitd; the daemon is the stand-in.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

# A machine that takes itself for one booted by OSTree, as the daemon demands.
start_ostree_machine() {
  use_layer installed
  cp -a "$SYSTEM_TEST/stand-ins/root/." "$R/"
  mkdir -p "$R/ostree"
  start_machine "$R"
  in_machine touch /run/ostree-booted
}

bus() { in_machine busctl --timeout=60 call "$@"; }

request_name() { bus org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus RequestName su org.debian.aptostree1 0; }

@test "the bus name can be owned by root only" {
  start_ostree_machine
  run in_machine setpriv --reuid=nobody --regid=nogroup --clear-groups \
    busctl call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus RequestName su org.debian.aptostree1 0
  [ "$status" != 0 ]
  grep -qi 'access denied' <<<"$output"
  # 1: the caller is the owner now.
  [ "$(request_name)" = 'u 1' ]
}

@test "the bus name is activatable, and a call starts apt-ostreed and is answered" {
  start_ostree_machine
  bus org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus ListActivatableNames | grep -F '"org.debian.aptostree1"'
  run in_machine systemctl is-active apt-ostreed.service
  [ "$output" = inactive ]
  run bus org.debian.aptostree1 /org/debian/aptostree1 org.freedesktop.DBus.Peer Ping
  [ "$status" = 0 ]
  in_machine systemctl is-active apt-ostreed.service
  # Everyone may call; whether it is done is for polkit to say.
  in_machine setpriv --reuid=nobody --regid=nogroup --clear-groups \
    busctl call org.debian.aptostree1 /org/debian/aptostree1 org.freedesktop.DBus.Peer Ping
  grep -x 'apt-ostree start-daemon' "$R/var/log/stand-ins"
}

@test "polkit lists every action and denies each of them to an ordinary user" {
  start_ostree_machine
  local action policy=$R/usr/share/polkit-1/actions/org.debian.aptostree1.policy
  sed -n 's/.*<action id="\([^"]*\)".*/\1/p' "$policy" | sort >"$R.actions"
  [ -s "$R.actions" ]
  in_machine pkaction | grep '^org\.debian\.aptostree1\.' | sort | diff "$R.actions" -
  in_machine useradd --create-home --home-dir /var/tmp/somebody somebody
  # A process of that user, for pkcheck to ask about; it outlives the questions.
  in_machine setpriv --reuid=somebody --regid=somebody --clear-groups sh -c 'echo $$ >/var/tmp/somebody/pid; exec sleep 300' 3>&- &
  local left=50 pid
  while [ ! -s "$R/var/tmp/somebody/pid" ] && [ $((left -= 1)) -gt 0 ]; do sleep 0.1; done
  pid=$(cat "$R/var/tmp/somebody/pid")
  while read -r action; do
    run in_machine pkcheck --process "$pid" --action-id "$action"
    [ "$status" != 0 ] || fail "$action is allowed"
    grep -qiE 'not authorized|authentication|challenge' <<<"$output" || fail "$action: $output"
    # The same question about root shows that it is the user who is refused.
    in_machine sh -c "pkcheck --process \$\$ --action-id $action" || fail "$action is denied to root"
  done <"$R.actions"
}
