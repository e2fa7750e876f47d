#!/usr/bin/env bats
# A host that is not OSTree: the packages stay quiet there, and bootc-baseimage stays out.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

# What must not change: dpkg's database, the shadow files with their modes, /boot.
precious() {
  (
    cd "$R" || exit
    find var/lib/dpkg boot etc/shadow etc/shadow- etc/gshadow etc/gshadow- \
      \( -path var/lib/dpkg/lock -o -path var/lib/dpkg/lock-frontend -o -path var/lib/dpkg/triggers/Lock \) -prune -o \
      -printf '%p %y %m %U:%G %l %T@\n' -type f -exec sha256sum --tag {} +
  ) | LC_ALL=C sort
}

our_files() { dpkg --root="$R" -L "${PACKAGES[@]}" | sort -u; }

@test "on a host that is not OSTree, starting each of our units changes nothing and leaves no unit failed" {
  use_layer installed
  start_machine "$R"
  precious >"$R.before"
  check_units_start
  precious >"$R.after"
  same_tree "$R.before" "$R.after" "a unit changed something"
}

@test "on a host that is not OSTree, each helper, generator and hook of ours changes nothing" {
  use_layer installed
  local kernel program
  kernel=$(basename "$R"/usr/lib/modules/*)
  start_machine "$R"
  precious >"$R.before"
  in_machine mkdir -p /run/generated
  while read -r program; do
    echo "# $program"
    case $program in
      */system-generators/*) in_machine "$program" /run/generated /run/generated /run/generated ;;
      */install.d/*) in_machine KERNEL_INSTALL_LAYOUT=ostree "$program" add "$kernel" /run/entry "/boot/vmlinuz-$kernel" ;;
      */postinst.d/*) in_machine DEB_MAINT_PARAMS="'configure' ''" "$program" "$kernel" "/boot/vmlinuz-$kernel" ;;
      */postrm.d/*) in_machine DEB_MAINT_PARAMS="'remove'" "$program" "$kernel" "/boot/vmlinuz-$kernel" ;;
      */bootc-baseimage-finalize) run ! in_machine "$program" ;;
      *kernel*) in_machine "$program" renew ;;
      *check-ids*) in_machine "$program" /dev/null ;;
      */has-verb) run -1 in_machine "$program" status ;;
      */start-daemon) run -6 in_machine "$program" ;;
      # No image, no list.
      */bootc-baseimage/seed) run -2 in_machine "$program" ;;
      *) in_machine timeout 60 "$program" ;;
    esac
  done < <(our_files | while read -r file; do [ ! -f "$R$file" ] || [ ! -x "$R$file" ] || echo "$file"; done)
  precious >"$R.after"
  same_tree "$R.before" "$R.after" "a helper or hook changed something"
}

@test "bootc-baseimage refuses a running system, says why, and leaves no trace" {
  new_root dracut
  cp "${ALL[@]}" "$R/srv/"
  start_machine "$R"
  tree "$R" >"$R.before"
  run in_machine sh -c 'dpkg -i /srv/bootc-baseimage_*.deb'
  [ "$status" != 0 ]
  grep -q 'refused, because this is a running system' <<<"$output"
  grep -q '/run/bootc-baseimage-allow-install' <<<"$output"
  tree "$R" >"$R.after"
  same_tree "$R.before" "$R.after" "the refused package left something behind"
  in_machine touch /run/bootc-baseimage-allow-install
  in_machine sh -c 'dpkg -i /srv/bootc-baseimage_*.deb'
}

@test "bootc-baseimage is upgraded on a running system" {
  new_root dracut
  inside dpkg -i "$OLD_DEBS"/bootc-baseimage_*.deb
  cp "$DEBS"/bootc-baseimage_*.deb "$R/srv/"
  start_machine "$R"
  in_machine sh -c 'dpkg -i /srv/bootc-baseimage_*.deb'
  check_installed bootc-baseimage
}

@test "bootc-baseimage accepts a chroot, also one with the /run of a running system" {
  new_root dracut
  local machine=$R
  overlay_root "$RELEASE" dracut "$(scratch)/chroot"
  R=$(scratch)/chroot/root
  cp "$DEBS"/bootc-baseimage_*.deb "$R/srv/"
  # Seen from the machine: a directory with another root file system, as an image builder has it.
  mkdir "$machine/srv/image"
  mount --bind "$R" "$machine/srv/image"
  start_machine "$machine"
  in_machine sh -ec 'mount --bind /proc /srv/image/proc; mount --rbind /run /srv/image/run
    test -d /srv/image/run/systemd/system
    chroot /srv/image sh -c "dpkg -i /srv/bootc-baseimage_*.deb"'
  check_installed bootc-baseimage
  stop_machine
  umount -R "$machine/srv/image"

  remove_overlay "$(scratch)/chroot"
  overlay_root "$RELEASE" dracut "$(scratch)/chroot"
  inside dpkg -i "$(deb bootc-baseimage)"
  check_installed bootc-baseimage
}

# mmdebstrap MODE...: a root with bootc-baseimage, from the run's package pool where it has the packages.
mmdebstrap_with_baseimage() {
  local mode=$1 tarball pool
  tarball=$(scratch)/root.tar pool=$(scratch)/pool
  shift
  mkdir -p "$pool"
  cp "$(deb bootc-baseimage)" "$pool/"
  chmod 0777 "$(scratch)" "$pool"
  "$@" mmdebstrap --mode="$mode" --variant=apt --format=tar --include="$pool/$(basename "$(deb bootc-baseimage)")" \
    --hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
    --customize-hook='chroot "$1" perl -I/usr/share/bootc-baseimage -MBootcBaseimage::Guard -e "
      my \$why = refusal() // q{}; die \$why if \$why =~ /running system/"' \
    --dpkgopt=force-unsafe-io "$RELEASE" "$tarball" "$(mirror)" >"$(scratch)/log" 2>&1 </dev/null 3>&- 4>&- 5>&- || {
    tail -n 20 "$(scratch)/log"
    return 1
  }
  tar -xOf "$tarball" ./var/lib/dpkg/status | grep -A1 -x 'Package: bootc-baseimage' | grep -x 'Status: install ok installed'
}

@test "bootc-baseimage accepts mmdebstrap in its root mode" {
  mkdir -p "$(scratch)"
  mmdebstrap_with_baseimage root env TMPDIR="$TMPDIR"
}

@test "bootc-baseimage accepts mmdebstrap in its unshare mode" {
  mkdir -p "$(scratch)/tmp"
  chmod 1777 "$(scratch)/tmp"
  # A user of the host with numbers to hand out, in this mount namespace only.
  cp /etc/subuid /etc/subgid "$(scratch)/"
  echo 'nobody:2000000:65536' | tee -a "$(scratch)/subuid" >>"$(scratch)/subgid"
  mount --bind "$(scratch)/subuid" /etc/subuid
  mount --bind "$(scratch)/subgid" /etc/subgid
  mmdebstrap_with_baseimage unshare setpriv --reuid=nobody --regid=nogroup --clear-groups \
    env HOME=/nonexistent USER=nobody TMPDIR="$(scratch)/tmp"
  umount /etc/subuid /etc/subgid
}
