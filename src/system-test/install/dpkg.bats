#!/usr/bin/env bats
# dpkg and apt: every order, every way back.
# shellcheck disable=SC2016 # expanded in the root

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

permutations() {
  python3 -c 'import itertools, sys; [print(*p) for p in itertools.permutations(sys.argv[1:])]' "$@"
}

@test "dpkg --unpack in any of the 24 orders and one --configure -a install the four packages" {
  local order name paths
  while read -r order; do
    new_root dracut
    paths=()
    for name in $order; do paths+=("$(deb "$name")"); done
    inside sh -ec 'for deb; do dpkg --unpack "$deb"; done; dpkg --configure -a' - "${paths[@]}" >"$R.log" 2>&1 ||
      { cat "$R.log" && fail "order: $order"; }
    check_dpkg_log "$R.log" || fail "order: $order"
    check_installed || fail "order: $order"
    remove_overlay "$(dirname "$R")"
  done < <(permutations "${PACKAGES[@]}")
}

@test "one by one, and all at once in the opposite order, dpkg -i installs the four packages" {
  new_root dracut
  local name
  for name in bootc bootc-dracut bootc-baseimage apt-ostree; do
    inside dpkg -i "$(deb $name)" >>"$R.log" 2>&1
  done
  check_dpkg_log "$R.log"
  check_installed
  remove_overlay "$(dirname "$R")"

  new_root dracut
  inside dpkg -i "$(deb apt-ostree)" "$(deb bootc-baseimage)" "$(deb bootc-dracut)" "$(deb bootc)" >"$R.log" 2>&1
  check_dpkg_log "$R.log"
  check_installed
}

@test "apt-get install of the four files works on a root with dracut and a kernel" {
  # How that root was made is what is tested.
  use_layer installed
  check_dpkg_log "$(layer_log installed)"
  check_installed
}

@test "reinstalled and upgraded from a lower version, a conffile that was changed is kept" {
  new_root dracut
  inside dpkg -i "${OLD[@]}" >"$R.log" 2>&1
  echo 'AutomaticUpdatePolicy=none # by the administrator' >>"$R/etc/apt-ostreed.conf"
  cp "$R/etc/apt-ostreed.conf" "$R.kept"
  inside dpkg -i "${ALL[@]}" </dev/null >>"$R.log" 2>&1
  inside dpkg -i "${ALL[@]}" </dev/null >>"$R.log" 2>&1
  check_dpkg_log "$R.log"
  check_installed
  cmp "$R/etc/apt-ostreed.conf" "$R.kept"
}

@test "a conffile that was not changed follows the new version" {
  new_root dracut
  mkdir -p "$(scratch)"
  repack apt-ostree "$(scratch)/old"
  echo '# as it was' >>"$(scratch)/old/etc/apt-ostreed.conf"
  sed -i 's/^Version: .*/Version: 0~older/' "$(scratch)/old/DEBIAN/control"
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed apt-ostree "$(scratch)/old")" >"$R.log" 2>&1
  inside dpkg -i "$(deb apt-ostree)" </dev/null >>"$R.log" 2>&1
  run ! grep 'as it was' "$R/etc/apt-ostreed.conf"
}

@test "everything under /etc is a conffile and nothing else is" {
  check_conffiles "${ALL[@]}"
}

@test "after remove and purge nothing of ours is left" {
  new_root dracut
  tree "$R" >"$R.before"
  check_purge "${ALL[@]}"
}

# bats test_tags=full
@test "after remove and purge nothing of ours is left, on a root with a kernel" {
  new_root boot
  tree "$R" >"$R.before"
  check_purge "${ALL[@]}"
}

@test "removed but not purged, only conffiles, links of enabled units and the memory of dpkg and systemd are left" {
  new_root dracut
  tree "$R" >"$R.before"
  inside dpkg -i "${ALL[@]}" >"$R.log" 2>&1
  inside dpkg --remove "${PACKAGES[@]}" >>"$R.log" 2>&1
  check_dpkg_log "$R.log"
  tree "$R" >"$R.after"
  diff "$R.before" "$R.after" | sed -nE 's/^([<>]) (SHA256 \()?\.?/\1 /p' >"$R.diff"
  cat "$R.diff"
  run ! grep -vE '^> /(etc/apt-ostreed.conf|etc/bootc-baseimage[^ ]*|etc/systemd/system/[^ /]*.wants/[^ ]*|var/lib/dpkg/info/[^ ]*|var/lib/systemd/deb-systemd-helper-[^ ]*)' "$R.diff"
}

@test "on a root with initramfs-tools apt shows that dracut takes its place" {
  new_root initramfs
  run inside apt-get install -s --no-install-recommends "$(deb bootc-dracut)"
  [ "$status" = 0 ]
  grep -E '^Remv initramfs-tools' <<<"$output"
  grep -E '^Inst dracut ' <<<"$output"
}

@test "on a root with initramfs-tools dpkg -i bootc-dracut alone is refused and can be taken back" {
  new_root initramfs
  tree "$R" >"$R.before"
  run inside dpkg -i "$(deb bootc-dracut)"
  [ "$status" != 0 ]
  grep 'bootc-dracut depends on dracut' <<<"$output"
  inside dpkg --purge bootc-dracut >"$R.log" 2>&1
  tree "$R" >"$R.after"
  same_tree "$R.before" "$R.after" "dpkg -i bootc-dracut left something behind"
  [ -z "$(dpkg --root="$R" --audit)" ]
}

@test "on a root with initramfs-tools bootc and apt-ostree install and purge without a trace" {
  new_root initramfs
  inside apt-get install -y --no-install-recommends cloud-guest-utils polkitd >"$R.log" 2>&1
  tree "$R" >"$R.before"
  check_purge "$(deb bootc)" "$(deb apt-ostree)"
}

@test "on a root with initramfs-tools apt-get install of the four files swaps dracut in and makes an initramfs" {
  new_root initramfs
  install_packages >"$R.log" 2>&1 || { cat "$R.log" && false; }
  check_installed
  local image
  image=$(echo "$R"/boot/initrd.img-*)
  [ -s "$image" ]
  # What tells dracut's image from that of initramfs-tools.
  inside lsinitrd "/boot/${image##*/}" >"$R.listing" 2>/dev/null
  grep -q 'dracut modules:' "$R.listing"
}

@test "lintian finds no error, no warning and nothing beyond the floor" {
  check_lintian "${ALL[@]}"
}
