#!/usr/bin/env bats
# The checks themselves, on packages that are broken on purpose: each must turn red and say what is wrong.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

@test "a file in /etc that is no conffile is found, by its package's name" {
  repack apt-ostree "$(scratch)/broken"
  rm "$(scratch)/broken/DEBIAN/conffiles"
  run check_conffiles "$(deb bootc)" "$(packed apt-ostree "$(scratch)/broken")"
  [ "$status" != 0 ]
  grep 'apt-ostree: the files under /etc are not its conffiles' <<<"$output"
}

@test "a conffile that the package does not contain is found, by its package's name" {
  repack bootc "$(scratch)/broken"
  echo /etc/bootc.conf >"$(scratch)/broken/DEBIAN/conffiles"
  run check_conffiles "$(packed bootc "$(scratch)/broken")"
  [ "$status" != 0 ]
  grep 'bootc: the files under /etc are not its conffiles' <<<"$output"
}

@test "a unit that fails is found, by its name" {
  new_root dracut
  repack bootc "$(scratch)/broken"
  printf '[Service]\nType=oneshot\nExecStart=/bin/false\n' >"$(scratch)/broken/usr/lib/systemd/system/bootc-status-updated.service"
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed bootc "$(scratch)/broken")" >"$R.log"
  start_machine "$R"
  run check_units_start bootc
  [ "$status" != 0 ]
  grep 'bootc-status-updated.service did not start' <<<"$output"
}

@test "a kernel hook that exits 1 is found" {
  new_root dracut
  repack bootc-baseimage "$(scratch)/broken"
  printf '#!/bin/sh\nexit 1\n' >"$(scratch)/broken/usr/share/kernel/postinst.d/zy-bootc-baseimage"
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed bootc-baseimage "$(scratch)/broken")" >"$R.log"
  run inside apt-get install -y linux-image-cloud-amd64
  [ "$status" != 0 ]
  tail -n 5 <<<"$output"
  grep 'postinst.d/zy-bootc-baseimage exited with return code 1' <<<"$output"
}

@test "a timer that its preset enables is found" {
  new_root dracut
  repack bootc "$(scratch)/broken"
  sed -i 's/^disable \(.*\.timer\)/enable \1/' "$(scratch)/broken/usr/lib/systemd/system-preset/50-bootc.preset"
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed bootc "$(scratch)/broken")" >"$R.log"
  inside systemctl preset-all
  [ "$(inside systemctl is-enabled bootc-fetch-apply-updates.timer)" = enabled ]
}

@test "a file that is left after purge is found, by its path" {
  new_root dracut
  tree "$R" >"$R.before"
  repack bootc "$(scratch)/broken"
  printf '#!/bin/sh\ntouch /var/lib/left-over\n' >"$(scratch)/broken/DEBIAN/postinst"
  chmod 0755 "$(scratch)/broken/DEBIAN/postinst"
  run check_purge "$(packed bootc "$(scratch)/broken")"
  [ "$status" != 0 ]
  grep './var/lib/left-over' <<<"$output"
}

@test "a file of another package is found as an overwrite" {
  new_root dracut
  repack bootc-baseimage "$(scratch)/broken"
  cp "$(scratch)"/broken/usr/lib/kernel/install.conf.d/*.conf "$(scratch)/broken/usr/lib/kernel/install.conf"
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed bootc-baseimage "$(scratch)/broken")" >"$R.log" 2>&1 || true
  run check_dpkg_log "$R.log"
  [ "$status" != 0 ]
  grep "trying to overwrite '/usr/lib/kernel/install.conf'" <<<"$output"
}

@test "a file below /lib, which is a link since the merge of /usr, is found by lintian" {
  repack bootc "$(scratch)/broken"
  mkdir -p "$(scratch)/broken/lib/systemd/system"
  cp "$(scratch)"/broken/usr/lib/systemd/system/*.timer "$(scratch)/broken/lib/systemd/system/"
  run check_lintian "$(packed bootc "$(scratch)/broken")"
  [ "$status" != 0 ]
  grep 'aliased-location' <<<"$output"
}
