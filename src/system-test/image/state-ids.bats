#!/usr/bin/env bats
# bats file_tags=full
# Two builds give the same numbers and, from the same root, the same bytes.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

DAEMONS=(redis-server chrony postfix)
DAEMONS_IN_OTHER_ORDER=(postfix redis-server chrony)

# build NAME [FILE] PACKAGE...: an image's root, in $R; with FILE its accounts are made first.
build() {
  local directory package
  directory=$(scratch)/$1
  overlay_root "$RELEASE" dracut "$directory"
  R=$directory/root
  shift
  inside dpkg -i "${ALL[@]}" >"$R.log" 2>&1
  if [ -f "$1" ]; then
    with_scratch bootc-baseimage-finalize --ids "$1" --seed >>"$R.log" 2>&1 || { cat "$R.log" >&2 && return 1; }
    shift
  fi
  for package; do
    inside apt-get install -y --no-install-recommends "$package" >>"$R.log" 2>&1 || { tail "$R.log" >&2 && return 1; }
  done
}

with_scratch() { ENTER_ROOT_BIND=$(scratch) inside "$@"; }

# The accounts that the packages made, with their numbers.
numbers() {
  cut -d: -f 1,3,4 "$1/etc/passwd" | sed 's/^/user /' | sort
  cut -d: -f 1,3 "$1/etc/group" | sed 's/^/group /' | sort
}

@test "built in another order of installation with --ids and --seed, an image has the same numbers; drift is an error" {
  build first "${DAEMONS[@]}"
  inside bootc-baseimage-finalize >>"$R.log" 2>&1 || { tail "$R.log" && false; }
  cp "$R/usr/lib/bootc-baseimage/ids.conf" "$(scratch)/ids.conf"
  numbers "$R" >"$(scratch)/first.numbers"

  # The control: without the file the order decides.
  build second "${DAEMONS_IN_OTHER_ORDER[@]}"
  numbers "$R" >"$(scratch)/second.numbers"
  run ! diff "$(scratch)/first.numbers" "$(scratch)/second.numbers"
  tree "$R" >"$R.before"
  run with_scratch bootc-baseimage-finalize --ids "$(scratch)/ids.conf"
  [ "$status" = 1 ]
  local account there here
  while IFS=: read -r account there _; do
    here=$(sed -n "s/^$account:\([0-9]*\):.*/\1/p" "$(scratch)/second.numbers")
    [ "$here" = "$there" ] || grep -E "$account .*$here.*$there" <<<"$output" ||
      fail "the drift of $account ($here, not $there) is not named: $output"
  done < <(grep '^user ' "$(scratch)/first.numbers")
  tree "$R" >"$R.after"
  same_tree "$R.before" "$R.after" "finalize changed something, although it failed"

  build third "$(scratch)/ids.conf" "${DAEMONS_IN_OTHER_ORDER[@]}"
  numbers "$R" >"$(scratch)/third.numbers"
  diff "$(scratch)/first.numbers" "$(scratch)/third.numbers"
  with_scratch bootc-baseimage-finalize --ids "$(scratch)/ids.conf" >>"$R.log" 2>&1 || { tail "$R.log" && false; }
  diff "$(scratch)/ids.conf" "$R/usr/lib/bootc-baseimage/ids.conf"
}

@test "the same root of a server finalized twice has the same bytes, and a second run changes nothing" {
  use_layer server-finalized
  image_tree "$R" >"$(scratch)/first"
  use_layer server
  finalized
  image_tree "$R" >"$(scratch)/second"
  same_tree "$(scratch)/first" "$(scratch)/second" "two runs on the same root differ"
  finalized
  grep '^0 changes' "$R.log"
  image_tree "$R" >"$(scratch)/third"
  same_tree "$(scratch)/second" "$(scratch)/third" "a second run on one root changed something"
}
