# Shared roots, each a layer on the one before. A layer is made once in a run, by whichever test asks first, and no test
# writes to it.
# shellcheck shell=bash
#
#   layers NAME           prints what stack_root takes for the root NAME: the uppermost layer first
#   use_layer NAME [AS]   a throw-away layer on it, in $R; removed by clean_test
#
# Roots:
#   installed             the release's root "boot" with the four packages
#   finalized             and made into an image
#   server                installed, and nine daemons
#   server-finalized      and made into an image
#   derived               built further from that, and made into an image again

# shellcheck source=root.sh
. "${BASH_SOURCE[0]%/*}/root.sh"

: "${RELEASE:=trixie}"

layers() {
  local below
  case $1 in
    installed) below=$(root_dir "$RELEASE" boot) ;;
    finalized | server) below=$(layers installed) ;;
    server-finalized) below=$(layers server) ;;
    derived) below=$(layers server-finalized) ;;
    *) fail "no shared root $1" ;;
  esac || return 1
  make_once "$1" "$below" && printf '%s\n' "$WORK/layers/$RELEASE-$1/upper:$below"
}

layer_log() { printf '%s\n' "$WORK/logs/layer-$RELEASE-$1.log"; }

# make_once NAME BELOW: calls make_NAME with $R in a layer on BELOW. What failed is not tried again for every test.
make_once() {
  local directory="$WORK/layers/$RELEASE-$1" log
  log=$(layer_log "$1")
  mkdir -p "$WORK/layers" "$WORK/logs"
  (
    flock 9
    [ ! -e "$directory.done" ] || exit 0
    [ ! -e "$directory.failed" ] || exit 1
    touch "$directory.failed"
    stack_root "$2" "$directory" || exit 1
    # A shell of its own: errexit is off in whatever || follows.
    R="$directory/root" bash -euo pipefail -c '. "$SYSTEM_TEST/lib/server.sh"; "make_${0//-/_}"' "$1" >"$log" 2>&1 || {
      tail -n 25 "$log" >&2
      exit 1
    }
    umount "$directory/root"
    mv "$directory.failed" "$directory.done"
  ) 9>"$directory.lock" || fail "the root $1 of $RELEASE could not be made; see $log"
}

use_layer() {
  local lower directory
  lower=$(layers "$1") || return 1
  directory="$(scratch)/${2:-$1}"
  stack_root "$lower" "$directory" || return 1
  # shellcheck disable=SC2034 # for the caller
  R="$directory/root"
}
