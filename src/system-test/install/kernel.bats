#!/usr/bin/env bats
# Kernels come, change and go: below /usr/lib/modules there is one vmlinuz and one initramfs.img for each of them.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

# Kernel packages with an image, by version: linux-image-KVER, not the metapackages.
kernels() { dpkg-query --admindir="$R/var/lib/dpkg" -W -f '${db:Status-Abbrev} ${Package}\n' 'linux-image-[0-9]*' | sed -n 's/^ii  linux-image-//p'; }

# packages_of KVER: from forky on a kernel is several packages, and apt keeps those of the newest from autoremoval.
packages_of() { dpkg-query --admindir="$R/var/lib/dpkg" -W -f '${db:Status-Abbrev} ${Package}\n' "linux-*-$1" | sed -n 's/^ii  //p'; }

in_modules() { (cd "$R/usr/lib" && mkdir -p modules && cd modules && find . -mindepth 2 -maxdepth 2 \( -name 'vmlinuz*' -o -name 'initramfs*' \) -printf '%P\n' | sort); }

check_kernels() {
  local kernel
  for kernel in $(kernels); do printf '%s\n' "$kernel/initramfs.img" "$kernel/vmlinuz"; done | sort |
    diff - <(in_modules) >&2 || fail "not one vmlinuz and one initramfs.img for each kernel" || return 1
  for kernel in $(kernels); do
    [ -s "$R/usr/lib/modules/$kernel/initramfs.img" ] || fail "the initramfs of $kernel is empty" || return 1
    cmp "$R/boot/vmlinuz-$kernel" "$R/usr/lib/modules/$kernel/vmlinuz" || return 1
    # The roots are made without documentation.
    ! inside dpkg --verify "linux-image-$kernel" | grep -v ' /usr/share/doc' >&2 ||
      fail "files of linux-image-$kernel are gone or changed" || return 1
  done
}

quietly() { "$@" >>"$R.log" 2>&1 || { tail -n 15 "$R.log" >&2 && fail "$* failed"; }; }

# newer_kernel_deb KVER: the same ABI in a later version, as a security update brings it.
newer_kernel_deb() {
  local from
  inside apt-get install -y --reinstall --download-only "linux-image-$1" >/dev/null
  from=$(echo "$WORK/pool/linux-image-$1"_*.deb)
  dpkg-deb -R "$from" "$(scratch)/kernel"
  sed -i 's/^\(Version: .*\)/\1+later/' "$(scratch)/kernel/DEBIAN/control"
  dpkg-deb -b --root-owner-group -Znone "$(scratch)/kernel" "$(scratch)/linux-image-$1_later.deb" >/dev/null
  rm -rf "$(scratch)/kernel"
}

@test "kernel installation, upgrade at the same ABI, a second kernel and removal leave exactly the files of what is installed" {
  # The packages first, on a root without a kernel: the hooks meet every kernel.
  new_root dracut
  inside dpkg -i "${ALL[@]}" >"$R.log" 2>&1
  check_kernels

  quietly inside apt-get install -y linux-image-cloud-amd64
  local first second
  first=$(kernels)
  check_kernels || fail "after the installation of $first"

  # It would insist on the version that we replace.
  quietly inside apt-get remove -y linux-image-cloud-amd64
  newer_kernel_deb "$first"
  ENTER_ROOT_BIND=$(scratch) quietly inside dpkg -i "$(scratch)/linux-image-${first}_later.deb"
  check_kernels || fail "after the upgrade of $first"

  quietly inside apt-get install -y --no-install-recommends linux-image-amd64
  [ "$(kernels | wc -l)" = 2 ]
  check_kernels || fail "after the installation of the second kernel"

  second=$(kernels | grep -v cloud)
  # shellcheck disable=SC2046 # a list
  quietly inside apt-get purge -y $(packages_of "$first")
  [ "$(kernels)" = "$second" ]
  check_kernels || fail "after the removal of $first"

  # shellcheck disable=SC2046
  quietly inside apt-get purge -y $(packages_of "$second")
  [ -z "$(in_modules)" ] || fail "after the last kernel was purged: $(in_modules)"
  run ! grep -iE 'dpkg: error|errors were encountered' "$R.log"
}

@test "a package that triggers update-initramfs renews the initramfs below /usr/lib/modules" {
  use_layer installed
  local kernel package
  kernel=$(kernels)
  inside env DEB_MAINT_PARAMS="'configure'" /usr/share/kernel/postinst.d/zy-bootc-baseimage "$kernel" "/boot/vmlinuz-$kernel"
  run ! inside sh -c "lsinitrd /usr/lib/modules/$kernel/initramfs.img | grep system-test-firmware"

  # Stand-in for firmware, microcode or cryptsetup: something for the initramfs, and the trigger.
  package=$(scratch)/package
  stand_in stand-in-firmware "$package" 'firmware'
  mkdir -p "$package/usr/lib/dracut/dracut.conf.d" "$package/usr/share/system-test-firmware"
  echo 'activate-noawait update-initramfs' >"$package/DEBIAN/triggers"
  echo 'install_items+=" /usr/share/system-test-firmware/blob "' >"$package/usr/lib/dracut/dracut.conf.d/50-stand-in.conf"
  echo blob >"$package/usr/share/system-test-firmware/blob"
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed stand-in-firmware "$package")"
  inside sh -c "lsinitrd /usr/lib/modules/$kernel/initramfs.img | grep system-test-firmware/blob"
}

@test "an initramfs that a failed dracut wrote does not take the place of the old one" {
  use_layer installed
  local kernel directory status
  kernel=$(kernels)
  directory=$R/usr/lib/modules/$kernel
  echo old >"$directory/initramfs.img"
  printf '%s\n' '#!/bin/sh' 'for file; do :; done' 'echo half >"$file"' 'echo "dracut[F]: no space" >&2' 'exit 1' >"$R/usr/bin/dracut"
  run inside /usr/share/bootc-baseimage/kernel-files add "$kernel"
  [ "$status" != 0 ]
  grep -F 'dracut[F]: no space' <<<"$output"
  grep -F "kernel-files: dracut made no initramfs for $kernel (exit status 1)" <<<"$output"
  [ "$(cat "$directory/initramfs.img")" = old ]
}

# A stand-in for apt-ostree that ends with the given status, and a plugin that comes after ours.
kernel_install() {
  use_layer installed
  mkdir -p "$R/etc/kernel/install.d"
  printf '#!/bin/sh\n[ "$2" != --help ] || exec echo "Usage: apt-ostree $1"\necho "$@" >>/var/tmp/apt-ostree.calls\nexit %s\n' "$1" >"$R/usr/bin/apt-ostree"
  printf '#!/bin/sh\necho later >>/var/tmp/plugin.calls\n' >"$R/etc/kernel/install.d/99-later.install"
  chmod 0755 "$R/usr/bin/apt-ostree" "$R/etc/kernel/install.d/99-later.install"
  # Debian's other plugins write boot entries and initramfs images: not the question here.
  local plugin
  for plugin in "$R"/usr/lib/kernel/install.d/*; do
    case $plugin in *05-aptostree.install) ;; *) ln -s /dev/null "$R/etc/kernel/install.d/${plugin##*/}" ;; esac
  done
  inside kernel-install add "$(kernels)" "/boot/vmlinuz-$(kernels)"
}

@test "kernel-install hands over to apt-ostree kernel-install, and its exit status 77 stops the later plugins" {
  kernel_install 77
  cat "$R/var/tmp/apt-ostree.calls"
  grep -F "kernel-install add $(kernels) " "$R/var/tmp/apt-ostree.calls" | grep -F "/boot/vmlinuz-$(kernels)"
  [ ! -e "$R/var/tmp/plugin.calls" ]
}

@test "kernel-install goes on with the later plugins when apt-ostree ends with 0" {
  kernel_install 0
  grep -F "kernel-install add $(kernels) " "$R/var/tmp/apt-ostree.calls"
  grep -x later "$R/var/tmp/plugin.calls"
}

@test "kernel-install has the layout ostree with bootc-baseimage, and does not call apt-ostree without it" {
  use_layer installed
  inside kernel-install inspect "$(kernels)" "/boot/vmlinuz-$(kernels)" | grep -E 'Layout: ostree'
  inside dpkg --purge --no-triggers bootc-baseimage
  printf '#!/bin/sh\necho "$@" >>/var/tmp/apt-ostree.calls\nexit 77\n' >"$R/usr/bin/apt-ostree"
  chmod 0755 "$R/usr/bin/apt-ostree"
  inside /usr/lib/kernel/install.d/05-aptostree.install add "$(kernels)" /nowhere
  [ ! -e "$R/var/tmp/apt-ostree.calls" ]
}
