#!/usr/bin/env bats
# bats file_tags=full
# Killed at any moment, finalize leaves a root in which dpkg works and that it can finish.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

TIMES=20

packages() { inside dpkg-query -W -f '${Package} ${Version} ${db:Status-Abbrev}\n'; }

fresh() {
  use_layer server "$1"
  # The moments are to fall on the other steps too.
  quick_dracut 0.5
}

@test "killed at twenty random moments and run again: dpkg works at each, and the end is the same" {
  local started milliseconds run moment
  fresh reference
  packages >"$(scratch)/packages"
  started=$(date +%s%N)
  finalized
  milliseconds=$((($(date +%s%N) - started) / 1000000))
  image_tree "$R" >"$(scratch)/reference.tree"
  remove_overlay "$(dirname "$R")"
  for ((run = 1; run <= TIMES; run++)); do
    moment=$(((RANDOM * 32768 + RANDOM) % milliseconds))
    fresh "killed-$run"
    # Without the packages' directory, whose mount point would be left behind in the root.
    in_root "$R" bootc-baseimage-finalize >"$R.killed" 2>&1 &
    sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
    # The namespace ends with its first process, and everything in it.
    pkill -KILL -P $! || true
    wait $! || true
    packages >"$R.packages" || fail "killed after $moment ms, dpkg does not work"
    diff "$(scratch)/packages" "$R.packages" || fail "killed after $moment ms, dpkg knows other packages"
    finalized || fail "killed after $moment ms, finalize cannot finish"
    image_tree "$R" >"$R.tree"
    same_tree "$(scratch)/reference.tree" "$R.tree" "killed after $moment of $milliseconds ms, the end is another"
    remove_overlay "$(dirname "$R")"
  done
}
