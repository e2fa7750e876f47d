# A root file system with its own systemd as process 1, in namespaces instead of a virtual machine: real units, a real
# bus and polkit within two seconds. It counts as a container to systemd, has a network of its own and cannot set the
# host's clock.
# shellcheck shell=bash
#
#   start_machine ROOT      boots it and waits until systemd says running (or degraded)
#   in_machine COMMAND...   runs in it
#   stop_machine
#   light_boot ROOT DIRECTORY STEP...   such a machine as OSTree would boot it (/usr read-only, /run/ostree-booted),
#                           from start to power off; its steps and facts are those of vm_boot, kept in DIRECTORY

# shellcheck source=facts.sh
. "${BASH_SOURCE[0]%/*}/facts.sh"

start_machine() {
  rm -f "$1.state"
  # The status is that of a machine that runs perfectly, which is not the question here.
  { launch_machine "$1" && in_machine timeout 60 systemctl is-system-running --wait; } >"$1.state" || true
  [ -s "$1.state" ] || fail "systemd did not start in $1"
}

# Sets MACHINE to its process 1, once that answers.
launch_machine() {
  local log="$1.console" left=200
  unshare --mount --propagation private --pid --fork --kill-child --uts --ipc --net --cgroup \
    setpriv --bounding-set -sys_time --inh-caps -sys_time \
    sh -ec 'ip link set lo up; exec "$@"' machine "$SYSTEM_TEST/lib/enter-machine" "$1" >"$log" 2>&1 3>&- </dev/null &
  MACHINE_PARENT=$!
  while [ $((left -= 1)) -gt 0 ]; do
    sleep 0.1
    MACHINE=$(pgrep -P "$MACHINE_PARENT" || true)
    [ -n "$MACHINE" ] && [ "$(cat "/proc/$MACHINE/comm" 2>/dev/null)" = systemd ] &&
      in_machine systemctl list-jobs >/dev/null 2>&1 && return
  done
  tail -n 20 "$log" >&2
  return 1
}

in_machine() {
  nsenter --target "$MACHINE" --all --root env --chdir=/ -i \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb "$@"
}

stop_machine() {
  [ -n "${MACHINE_PARENT:-}" ] || return 0
  kill -KILL "$MACHINE_PARENT" 2>/dev/null || true
  wait "$MACHINE_PARENT" 2>/dev/null || true
  MACHINE_PARENT=''
}

light_boot() {
  local root=$1
  export VM_LOG="$2"
  shift 2
  rm -rf "$VM_LOG"
  mkdir -p "$VM_LOG/facts"
  # A file is this machine's port.
  { probe_script "$@" && echo fact finished true; } | sed 's#>/dev/virtio-ports/report#>>/run/report#' >"$VM_LOG/probe"
  MACHINE_DEPLOYED=yes launch_machine "$root" || fail "systemd did not start in $root" || return 1
  in_machine timeout 300 bash -s <"$VM_LOG/probe" >"$VM_LOG/probe.log" 2>&1 3>&- || true
  in_machine cat /run/report >"$VM_LOG/report"
  in_machine systemctl poweroff 2>/dev/null || true
  # Its process 1 ends by itself when everything is stopped; the rest would hang for ever.
  timeout 90 tail --pid="$MACHINE_PARENT" -f /dev/null || true
  stop_machine
  split_report
}
