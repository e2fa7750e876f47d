# What boots is dear: a stage of a machine's life is lived once in a run, whichever test asks first.
# shellcheck shell=bash
#
#   live_once SCRIPT STAGE   calls stage_STAGE of SCRIPT, the logs of which are in $VM_LOGS; its disks are in $LIVES

: "${LIVES:?}" "${VM_LOGS:?}"

live_once() {
  local script=$1 stage=$2 log="$VM_LOGS/$2.log"
  forget_earlier_run
  [ ! -e "$LIVES/$stage.done" ] || return 0
  [ ! -e "$LIVES/$stage.failed" ] || fail "the stage '$stage' failed; see $log" || return 1
  touch "$LIVES/$stage.failed"
  # A shell of its own: "||" would switch off set -e within the function.
  bash -euo pipefail -c '. "$1" && "$2"' - "$script" "stage_${stage//-/_}" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail "the stage '$stage' failed; see $log"
    return 1
  }
  mv "$LIVES/$stage.failed" "$LIVES/$stage.done"
}

# A work directory that was kept may hold the machines of an earlier run, with other packages.
forget_earlier_run() {
  [ "$(cat "$LIVES/run" 2>/dev/null)" != "$BATS_RUN_TMPDIR" ] || return 0
  rm -rf --one-file-system "$LIVES" "$VM_LOGS"
  mkdir -p "$LIVES" "$VM_LOGS"
  echo "$BATS_RUN_TMPDIR" >"$LIVES/run"
}

# look_at BOOT: the facts of which boot the following tests mean.
look_at() { export VM_LOG="$VM_LOGS/$1"; }
