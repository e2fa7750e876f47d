# A root file system with its own systemd as process 1, in namespaces instead of a virtual machine: real units, a real
# bus and polkit within two seconds. It counts as a container to systemd.
# shellcheck shell=bash
#
#   start_machine ROOT      boots it and waits until systemd says running (or degraded); sets MACHINE to its process 1
#   start_deployed ROOT     the same as OSTree would boot it: /usr read-only, /run/ostree-booted; /var is the caller's
#   in_machine COMMAND...   runs in it
#   stop_machine

start_machine() {
  local log="$1.log"
  unshare --mount --propagation private --pid --fork --kill-child --uts --ipc --net --cgroup \
    "$SYSTEM_TEST/lib/enter-machine" "$1" >"$log" 2>&1 3>&- </dev/null &
  MACHINE_PARENT=$!
  local left=100
  while [ $((left -= 1)) -gt 0 ]; do
    sleep 0.1
    MACHINE=$(pgrep -P "$MACHINE_PARENT" || true)
    [ -n "$MACHINE" ] && [ "$(cat "/proc/$MACHINE/comm" 2>/dev/null)" = systemd ] &&
      in_machine systemctl list-jobs >/dev/null 2>&1 && break
  done
  MACHINE_STATE=$(in_machine timeout 60 systemctl is-system-running --wait) || true
  [ -n "$MACHINE_STATE" ] || {
    tail -n 20 "$log" >&2
    fail "systemd did not start in $1"
  }
}

start_deployed() { MACHINE_DEPLOYED=yes start_machine "$1"; }

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
