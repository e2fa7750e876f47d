#!/usr/bin/env bats
# The bus name of the daemon and polkit's say in it, on a real bus with a real polkitd; the daemon is the stand-in.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

bus() { in_machine busctl --timeout=60 call "$@"; }

ordinary() { in_machine setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }

request_name() { bus org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus RequestName su org.debian.aptostree1 0; }

@test "the bus name can be owned by root only" {
  start_ostree_machine
  run ordinary \
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
  ordinary busctl call org.debian.aptostree1 /org/debian/aptostree1 org.freedesktop.DBus.Peer Ping
  grep -x 'apt-ostree start-daemon' "$R/var/log/stand-ins"
}

@test "a call that no daemon can answer is refused, and the bus never waits until it times out" {
  start_ostree_machine
  local kind
  for kind in absent starlingx; do
    apt_ostree "$kind"
    run in_machine busctl --timeout=120 call org.debian.aptostree1 /org/debian/aptostree1 org.freedesktop.DBus.Peer Ping
    [ "$status" != 0 ] || fail "$kind: somebody answered"
    [[ ${output,,} != *'timed out'* ]] || fail "$kind: $output"
    # Nor does a caller who does not give up make the unit fail by its start limit.
    in_machine sh -c 'for call in 1 2 3 4 5 6 7 8 9 10; do
      ! busctl call org.debian.aptostree1 /org/debian/aptostree1 org.freedesktop.DBus.Peer Ping 2>/dev/null || exit 1
    done'
  done
  apt_ostree full
  in_machine rm /run/ostree-booted
  run in_machine busctl --timeout=120 call org.debian.aptostree1 /org/debian/aptostree1 org.freedesktop.DBus.Peer Ping
  [ "$status" != 0 ] && [[ ${output,,} != *'timed out'* ]] || fail "not booted by OSTree: $output"
  # None of the refusals keeps the daemon from being started later.
  in_machine touch /run/ostree-booted
  bus org.debian.aptostree1 /org/debian/aptostree1 org.freedesktop.DBus.Peer Ping
  run ! in_machine sh -c "systemctl list-units --failed --plain --no-legend | grep ."
}

# reach COMMAND...: runs busctl by it; whether the call reached the daemon. The stand-in answers every call.
reach() {
  local answer
  answer=$("$@" busctl --timeout=60 call org.debian.aptostree1 /org/debian/aptostree1 "$interface" "$member" 2>&1 || true)
  case $answer in
    *"stand-in $member"*) printf yes ;;
    *[Aa]'ccess denied'*) printf no ;;
    *) printf '%s' "$answer" ;;
  esac
}

@test "an ordinary user reaches only interfaces whose methods ask polkit or only read, and root reaches all" {
  start_ostree_machine
  # Interface, member, whether an ordinary user reaches it, whether root does.
  cat >"$R.expected" <<'END'
org.freedesktop.DBus.Peer Ping yes yes
org.freedesktop.DBus.Introspectable Introspect yes yes
org.freedesktop.DBus.ObjectManager GetManagedObjects yes yes
org.freedesktop.DBus.Properties Get yes yes
org.freedesktop.DBus.Properties GetAll yes yes
org.freedesktop.DBus.Properties Set no yes
org.debian.aptostree1.OS Upgrade yes yes
org.debian.aptostree1.Sysroot RegisterClient yes yes
org.debian.aptostree1.OSExperimental LiveFs no yes
org.debian.aptostree1.Transaction Start no yes
org.debian.aptostree1 Anything no yes
com.example.Other Anything no yes
END
  local interface member
  while read -r interface member _; do
    printf '%s %s %s %s\n' "$interface" "$member" "$(reach ordinary)" "$(reach in_machine)"
  done <"$R.expected" >"$R.reached"
  diff "$R.expected" "$R.reached"
}

@test "polkit asks for an administrator, who is not asked again soon, and not at all for a client of a logged-in user" {
  start_ostree_machine
  # Remote, inactive and active callers; what most actions have is left out.
  in_machine pkaction --verbose | awk '
    /^org\.debian\.aptostree1\./ { sub(/^.*aptostree1\./, ""); sub(/:$/, ""); action = $0; next }
    /^[^ ]/ { action = "" }
    action && /implicit (any|inactive|active):/ { answers[action] = answers[action] " " $3 }
    END { for (action in answers) print action answers[action] }' | sort >"$R.answers"
  [ "$(wc -l <"$R.answers")" -gt 10 ]
  grep -v ' auth_admin auth_admin auth_admin_keep$' "$R.answers" | diff - <(
    echo 'apply-live auth_admin auth_admin auth_admin'
    echo 'client-management auth_admin_keep auth_admin_keep yes'
  )
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
