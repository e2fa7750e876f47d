#!/usr/bin/env bats
# The command that runs these tests: where it cannot run, what it needs, and what it leaves behind.

# shellcheck disable=SC2119,SC2120 # a prefix, where there is one
bats_require_minimum_version 1.5.0
load ../lib/packages.sh

# The command with one suite, whose only test holds a mount, a loop device and a process; as long as $WORK/logs/hold
# is there, for ever.
small_suite() {
  C=$(scratch)/system-test W=$(scratch)/work
  mkdir -p "$C/install" "$W/logs"
  cp -a "$SYSTEM_TEST/run" "$SYSTEM_TEST/lib" "$C/"
  # bats would take @test here for one of this file.
  sed 's/^TEST/@test/' >"$C/install/hold.bats" <<'END'
TEST "a mount, a loop device and a process are held" {
  mkdir "$WORK/tmp/mounted"
  mount -t tmpfs tmpfs "$WORK/tmp/mounted"
  truncate -s 1M "$WORK/tmp/disk"
  losetup --find "$WORK/tmp/disk"
  (exec -a "$WORK/process" sleep 1000) 3>&- &
  touch "$WORK/logs/held"
  while [ -e "$WORK/logs/hold" ]; do sleep 0.1; done
}
END
}

# As a person calls it: no signal is ignored, as nohup and "&" would have it, and nothing is inherited of the run that
# this test is part of.
command_alone() {
  env -i --default-signal=INT,HUP,TERM PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_ATOMIC_MIRROR="$(mirror)" \
    "$@" "$C/run" --release trixie --debs "$DEBS" --work "$W" install
}

nothing_is_left() {
  local left
  left=$(losetup -n -O NAME,BACK-FILE | grep -F "$W/" || true)
  [ -z "$left" ] || fail "loop devices: $left" || return 1
  left=$(pgrep -af "$W" || true)
  [ -z "$left" ] || fail "processes: $left" || return 1
  left=$(grep -lF "$W/" /proc/[0-9]*/mountinfo 2>/dev/null || true)
  [ -z "$left" ] || fail "mounts: $left" || return 1
  left=$(find "$W" -mindepth 1 -maxdepth 1 ! -name logs ! -name .lock)
  [ -z "$left" ] || fail "files: $left"
}

# interrupt SIGNAL: in the middle of the test; the command's status is in $interrupted.
interrupt() {
  rm -f "$W/logs/held"
  touch "$W/logs/hold"
  command_alone >"$(scratch)/output" 2>&1 3>&- &
  local left=300
  while [ ! -e "$W/logs/held" ]; do
    [ $((left -= 1)) -gt 0 ] || { cat "$(scratch)/output" && fail "the test has not begun"; }
    sleep 0.1
  done
  grep -qF "$W/tmp/disk" < <(losetup -n -O BACK-FILE) || fail "there is nothing to leave behind"
  # Not the shell that waits for it, nor its child in the namespaces.
  pkill "-$1" -f "^/bin/bash $C/run --release" || fail "no process to interrupt"
  interrupted=0
  wait $! || interrupted=$?
  rm "$W/logs/hold"
}

@test "interrupted from the terminal, by a hangup or by a service manager, the command leaves no mount, loop device or process" {
  small_suite
  local signal
  for signal in INT HUP TERM; do
    interrupt $signal
    [ "$interrupted" = 130 ] || fail "$signal: status $interrupted"
    nothing_is_left || fail "after $signal"
  done
}

@test "killed, the command leaves nothing that its next run does not put away, and a run after that works too" {
  small_suite
  interrupt KILL
  [ "$interrupted" = 137 ]
  for _ in next after-that; do
    command_alone >"$(scratch)/output" 2>&1 3>&- || { cat "$(scratch)/output" && false; }
    grep -x '1 passed, 0 failed, 0 skipped' "$(scratch)/output"
    nothing_is_left
  done
}

@test "without root the command says so, and that this is no failed test" {
  small_suite
  run command_alone setpriv --reuid=nobody --regid=nogroup --clear-groups
  [ "$status" = 2 ]
  grep 'cannot run here: needs root' <<<"$output"
}

@test "where there is no Debian the command says so" {
  small_suite
  cp -a /etc "$(scratch)/etc"
  rm "$(scratch)/etc/debian_version"
  run command_alone unshare --mount sh -ec 'mount --bind "$0" /etc; exec "$@"' "$(scratch)/etc"
  [ "$status" = 2 ]
  grep 'cannot run here: needs Debian' <<<"$output"
}

@test "a test that fails makes the command fail and is named in its closing lines" {
  small_suite
  printf '@%s\n' 'test "two is one" { [ 2 = 1 ]; }' >>"$C/install/hold.bats"
  run command_alone
  [ "$status" = 1 ]
  tail -n 2 <<<"$output" | grep '^not ok 2 two is one'
  tail -n 1 <<<"$output" | grep -x '1 passed, 1 failed, 0 skipped'
}

@test "a run without any test is no success" {
  small_suite
  echo >"$C/install/hold.bats"
  run command_alone
  [ "$status" = 1 ]
  tail -n 1 <<<"$output" | grep -x '0 passed, 0 failed, 0 skipped'
}

@test "on a new machine the command installs the tools that it needs" {
  small_suite
  new_root dracut
  # The command cannot stack its roots on a root that is itself a layer: its own directory is the host's.
  ENTER_ROOT_BIND="$WORK" ENTER_ROOT_NETWORK=yes in_root "$R" sh -ec '
    ! command -v bats mmdebstrap
    apt-get -q -o Acquire::Check-Valid-Until=false update
    "$1" --release trixie --debs "$2" --work "$3" install' machine "$C/run" "$DEBS" "$W" >"$R.log" 2>&1 || { tail -n 20 "$R.log" && false; }
  grep '^installing .*mmdebstrap bats' "$R.log"
  tail -n 1 "$R.log" | tee /dev/stderr | grep -x '1 passed, 0 failed, 0 skipped'
  # Here the device's path begins where the directory is mounted.
  run ! grep -F "${W#"$WORK"}/" < <(losetup -n -O NAME,BACK-FILE)
}

# mirror_of: what is read from the sources in $etc.
mirror_of() { (DEBIAN_ATOMIC_MIRROR='' APT_ETC=$etc mirror); }

@test "the command finds the machine's Debian mirror in either format of apt's sources, and says when there is none" {
  local etc
  etc=$(scratch)/apt
  mkdir -p "$etc/sources.list.d"
  echo 'deb http://third.example/tools bookworm main' >"$etc/sources.list.d/a-third-party.list"
  printf '%s\n' 'Types: deb' 'URIs: http://deb.example/debian-security' 'Suites: bookworm-security' 'Components: main' '' \
    'Types: deb deb-src' 'URIs: http://deb.example/debian/' 'Suites: bookworm bookworm-updates' 'Components: main' \
    >"$etc/sources.list.d/debian.sources"
  [ "$(mirror_of)" = http://deb.example/debian ]
  rm "$etc/sources.list.d/debian.sources"
  echo 'deb [arch=amd64 signed-by=/key] http://old.example/debian trixie main contrib' >"$etc/sources.list"
  [ "$(mirror_of)" = http://old.example/debian ]
  rm "$etc/sources.list" "$etc/sources.list.d/a-third-party.list"
  run mirror_of
  [ "$status" = 2 ]
  grep 'no Debian mirror in /etc/apt' <<<"$output"
}
