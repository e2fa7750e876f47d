#!/usr/bin/env bats
# bats file_tags=full
# Killed at any moment, finalize leaves a root in which dpkg works and that it can finish, and a machine gets its state
# whole or not yet.

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

# What the machine got, but for our own record.
state() { listing "$R/var" ./lib/bootc-baseimage | grep -v '^\./lib d '; }

@test "killed at twenty random moments, seeding leaves each tree whole or missing, and the next boot brings the rest" {
  local started milliseconds run moment tree got=0 missing=0
  use_layer server-finalized
  empty_var "$R"
  started=$(date +%s%N)
  inside /usr/share/bootc-baseimage/seed
  milliseconds=$((($(date +%s%N) - started) / 1000000))
  state >"$(scratch)/reference"
  for ((run = 1; run <= TIMES; run++)); do
    empty_var "$R"
    moment=$(((RANDOM * 32768 + RANDOM) % milliseconds))
    in_root "$R" /usr/share/bootc-baseimage/seed >"$R.killed" 2>&1 &
    sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
    pkill -KILL -P $! || true
    wait $! || true
    while read -r tree; do
      if [ -e "$R$tree" ]; then
        got=$((got + 1))
        diff <(listing "$R/usr/share/factory$tree") <(listing "$R$tree") || fail "killed after $moment ms, $tree is half there"
      else
        missing=$((missing + 1))
      fi
    done < <(sed -n 's/^tree //p' "$R/usr/lib/bootc-baseimage/seed.list")
    inside /usr/share/bootc-baseimage/seed
    state | diff "$(scratch)/reference" - || fail "killed after $moment of $milliseconds ms, the end is another"
    [ -z "$(find "$R/var" -name .bootc-baseimage-seed -o -name unfinished)" ] || fail "killed after $moment ms, something is left"
  done
  # The control: the moments fell on the copying.
  [ "$got" -gt 0 ]
  [ "$missing" -gt 0 ]
}
