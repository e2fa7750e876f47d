# The lives of the server's machines, told by services*.bats: each calls live STAGE and looks at what its boot reported.
# shellcheck shell=bash

# shellcheck source=../lib/image.sh
. "${BASH_SOURCE[0]%/*}/../lib/image.sh"
# shellcheck source=../lib/vm.sh
. "${BASH_SOURCE[0]%/*}/../lib/vm.sh"

LIVES="$WORK/boot/$RELEASE-services"
export VM_LOGS="$WORK/logs/services-$RELEASE"
# shellcheck source=../lib/stages.sh
. "${BASH_SOURCE[0]%/*}/../lib/stages.sh"
SERVER_REF="services/$RELEASE"

# live STAGE: each stage names those that it needs.
live() { live_once "$SYSTEM_TEST/boot/services.sh" "$1" && look_at "$1"; }

# boot STAGE DISK [OPTION]... STEP...: what it reports is kept under the stage's name.
boot() {
  local stage=$1 disk=$2
  shift 2
  mkdir -p "$LIVES/$disk"
  vm_boot "$LIVES/$disk" "$stage" "$@"
}

# layer BASE COMMAND...: the command with $R as a throw-away layer on a shared root.
layer() {
  local lower directory="$WORK/tmp/services-$BASHPID" R
  lower=$(layers "$1")
  stack_root "$lower" "$directory"
  R="$directory/root"
  shift
  "$@"
  remove_overlay "$directory"
}

commit() { vm_commit "$RELEASE" "$R" "$LIVES/repo" "$SERVER_REF"; }

# Two machines with one disk image, and the update to the derived image.
stage_machines() {
  layer server-finalized commit
  vm_disk "$RELEASE" "$LIVES/repo" "$SERVER_REF" "$LIVES/one"
  mkdir -p "$LIVES/two"
  cp --sparse=always "$LIVES/one/disk.img" "$LIVES/two/disk.img"
}

stage_update() {
  live machines
  layer derived commit
  vm_updates "$LIVES/repo" "$LIVES/update.img"
}

stage_one_first() {
  live machines
  boot one_first one settled services identity etc-systemd administrator
}

stage_two_first() {
  live update
  boot two_first two --disk "$LIVES/update.img" settled identity add-user delete-tree stage-update restart
}

stage_two_updated() {
  live two_first
  boot two_updated two settled services identity derived deleted-tree
}

stage_one_again() {
  live one_first
  live update
  boot one_again one --disk "$LIVES/update.img" settled services identity untouched take-number stage-update restart
}

stage_one_updated() {
  live one_again
  boot one_updated one settled services identity untouched derived
}

# An image as made by hand: keys and machine-id of the build host, and nothing that keeps the states of units.
stage_by_hand() {
  live machines
  layer server-finalized bake
  vm_disk "$RELEASE" "$LIVES/repo-by-hand" "$SERVER_REF" "$LIVES/three"
  # Once more, because OSTree refuses an update that is older.
  layer derived commit
  vm_updates "$LIVES/repo" "$LIVES/update-of-three.img"
}

bake() {
  inside ssh-keygen -A
  inside sh -ec 'rm -f /etc/machine-id; systemd-machine-id-setup'
  rm "$R"/usr/lib/systemd/*-preset/00-bootc-baseimage.preset
  vm_commit "$RELEASE" "$R" "$LIVES/repo-by-hand" "$SERVER_REF"
}

stage_by_hand_first() {
  live by_hand
  boot by_hand_first three --disk "$LIVES/update-of-three.img" settled identity unit-files stage-update restart
}

stage_by_hand_updated() {
  live by_hand_first
  boot by_hand_updated three settled services identity unit-files
}

# A key of each kind that the release's ssh-keygen makes: from forky on ML-DSA besides RSA, ECDSA and Ed25519.
has_host_keys() {
  local kinds=3
  [ "$RELEASE" = trixie ] || kinds=4
  [ "$(fact host-keys | cut -d ' ' -f 1 | sort | uniq -u | wc -l)" = $kinds ] || fail "host keys: $(fact host-keys | cut -c 1-60)"
}

# What each daemon of the server says when it works.
every_service_answers() {
  local name
  fact services >&2
  [ "$(fact services | grep -c ' active$')" = 9 ] || fail "not every service is active" || return 1
  [[ $(fact apache2) == 'HTTP/1.'*' 200 OK'* ]] || fail "apache2 says: $(fact apache2)" || return 1
  [[ $(fact nginx) == 'HTTP/1.'*' 200 OK'* ]] || fail "nginx says: $(fact nginx)" || return 1
  [[ $(fact postfix) == '220 '*ESMTP* ]] || fail "postfix says: $(fact postfix)" || return 1
  [[ $(fact redis) == +PONG* ]] || fail "redis says: $(fact redis)" || return 1
  [[ $(fact ssh) == SSH-2.0-* ]] || fail "ssh says: $(fact ssh)" || return 1
  [ "$(fact postgresql)" = 42 ] || fail "postgresql says: $(fact postgresql)" || return 1
  [ "$(fact_status chrony)" = 0 ] || fail "chrony says: $(fact chrony)" || return 1
  [ "$(fact_status cron)" = 0 ] || fail "cron has not run its job" || return 1
  [[ $(fact rsyslog) == *'rsyslog works'* ]] || fail "rsyslog has not written the message"
}
