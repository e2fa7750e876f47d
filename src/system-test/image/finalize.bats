#!/usr/bin/env bats
# A root of the release with the packages, made into an image: what it must hold, what OSTree says to it.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

@test "finalize succeeds and its own --check passes" {
  use_layer finalized
  check_image || { cat "$R.check" && false; }
  run ! grep '^fail' "$R.check"
}

@test "--check --format=json says the same as the text" {
  use_layer finalized
  check_image
  finalize --check --format=json >"$R.json"
  python3 -c 'import json, sys; [print("%-4s %s" % (r["result"], r["rule"])) for r in json.load(open(sys.argv[1]))]' "$R.json" >"$R.from-json"
  sed -nE 's/^(ok|fail|warn) +([^ ]+) .*/\1 \2/p' "$R.check" | awk '{ printf "%-4s %s\n", $1, $2 }' | diff - "$R.from-json"
}

@test "finalized a second time, the same root has the same bytes" {
  use_layer finalized
  image_tree "$R" >"$R.before"
  finalize | tee /dev/stderr | grep '^0 changes'
  image_tree "$R" >"$R.after"
  same_tree "$R.before" "$R.after" "the second run changed something"
}

@test "--dry-run changes nothing and prints what it would" {
  use_layer installed
  image_tree "$R" >"$R.before"
  finalize --dry-run >"$R.said"
  grep -E '^[0-9]+ changes to make' "$R.said"
  finalize --dry-run --verbose | grep -E '/var/log'
  image_tree "$R" >"$R.after"
  same_tree "$R.before" "$R.after" "--dry-run changed something"
}

@test "ostree admin deploy accepts the image with the shipped prepare-root.conf" {
  use_layer finalized
  deploy_image "$R" "$(scratch)/sysroot"
  local deployment
  deployment=$(echo "$(scratch)"/sysroot/ostree/deploy/debian/deploy/*.0)
  [ -f "$deployment/usr/lib/ostree/prepare-root.conf" ]
  [ -d "$deployment/sysroot" ]
  [ "$(readlink "$deployment/ostree")" = sysroot/ostree ]
  grep -h '^options.*ostree=' "$(scratch)"/sysroot/boot/loader/entries/*.conf
}

# bats test_tags=second
@test "with a libostree that knows composefs, the deployment has its composefs image" {
  [ "$RELEASE" != trixie ] || skip "trixie's libostree has no composefs"
  use_layer finalized
  sed -i 's/^enabled *=.*/enabled = yes/' "$R/usr/lib/ostree/prepare-root.conf"
  deploy_image "$R" "$(scratch)/sysroot"
  find "$(scratch)/sysroot/ostree/deploy/debian/deploy" -name .ostree.cfs -size +100k | grep .
}

@test "composefs enabled = true makes the deployment on trixie fail, and says so" {
  [ "$RELEASE" = trixie ] || skip "only trixie's libostree has no composefs"
  use_layer finalized
  sed -i 's/^enabled *=.*/enabled = true/' "$R/usr/lib/ostree/prepare-root.conf"
  run deploy_image "$R" "$(scratch)/sysroot"
  [ "$status" != 0 ]
  grep -i composefs <<<"$output"
}

@test "dpkg answers through the moved database" {
  use_layer finalized
  [ -L "$R/var/lib/dpkg" ]
  [ -d "$R/usr/lib/sysimage/dpkg/info" ]
  inside dpkg-query -W -f '${db:Status-Abbrev}' bootc | grep -x 'ii '
  inside dpkg -S /usr/lib/ostree/prepare-root.conf | grep -x 'bootc-baseimage: /usr/lib/ostree/prepare-root.conf'
  inside dpkg --verify bootc
  [ -z "$(inside dpkg --audit)" ]
}

@test "in a derived build apt-get installs through the moved database; finalize takes the new state in, and drops what is removed" {
  use_layer finalized
  local ours=$R/usr/lib/tmpfiles.d/00-bootc-baseimage.conf list=$R/usr/lib/bootc-baseimage/seed.list package
  package=$(scratch)/package
  stand_in stand-in-state "$package" 'a package that ships state'
  mkdir -p "$package/var/lib/stand-in"
  echo state >"$package/var/lib/stand-in/file"
  derived sh -c 'apt-get update && apt-get install -y --no-install-recommends redis-server' >"$R.log" 2>&1 || { cat "$R.log" && false; }
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed stand-in-state "$package")"
  [ -L "$R/var/lib/dpkg" ]
  finalized
  check_image || { cat "$R.check" && false; }
  inside dpkg-query -W -f '${db:Status-Abbrev}' redis-server | grep -x 'ii '
  grep '^u redis ' "$R/usr/lib/bootc-baseimage/ids.conf"
  grep ' /var/lib/redis ' "$ours"
  grep -x 'tree /var/lib/stand-in' "$list"
  grep -x 'x /var/lib/stand-in/file' "$ours"
  [ "$(cat "$R/usr/share/factory/var/lib/stand-in/file")" = state ]

  inside dpkg --purge stand-in-state
  finalized
  run ! grep ' /var/lib/stand-in' "$ours" "$list"
  [ ! -e "$R/usr/share/factory/var/lib/stand-in" ]
  grep ' /var/lib/redis ' "$ours"
}

@test "the removal of bootc-baseimage from a finalized root is refused, and possible when it is wanted" {
  use_layer finalized
  run inside dpkg --purge bootc-baseimage
  [ "$status" != 0 ]
  grep '/run/bootc-baseimage-allow-remove' <<<"$output"
  inside sh -c 'touch /run/bootc-baseimage-allow-remove && dpkg --purge bootc-baseimage'
  [ -d "$R/usr/lib/sysimage/dpkg" ]
  inside dpkg-query -W bootc
}

@test "finalize refuses a running system" {
  use_layer installed
  start_machine "$R"
  run in_machine bootc-baseimage-finalize
  [ "$status" = 3 ]
  grep 'running system' <<<"$output"
}

@test "finalize refuses packages that are not fully installed" {
  use_layer installed
  inside dpkg --unpack "$(deb bootc)" >"$R.log"
  run finalize
  [ "$status" = 3 ]
  grep bootc <<<"$output"
}
