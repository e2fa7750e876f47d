#!/usr/bin/env bats
# Each rule of bootc-baseimage-finalize --check, broken once: --check must name the rule and what breaks it.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

# fatal RULE PATTERN COMMANDS: --check fails with the rule; warns: the rule warns, and fails with --fatal-warnings.
fatal() {
  use_layer finalized
  (cd "$R" && eval "$3")
  run ! check_image
  check_names "$1" fail "$2"
}

warns() {
  use_layer finalized
  (cd "$R" && eval "$3")
  check_image || true
  check_names "$1" warn "$2"
  run ! check_image --fatal-warnings
}

@test "every rule of --check has a test here" {
  use_layer finalized
  check_image
  sed -nE 's/^(ok|fail|warn) +([a-z0-9-]+) .*/\2/p' "$R.check" | sort >"$R.rules"
  [ "$(wc -l <"$R.rules")" -gt 20 ]
  sed -nE 's/^@test "the rule ([a-z0-9-]+) .*/\1/p' "$BATS_TEST_FILENAME" | sort | diff "$R.rules" -
}

@test "the rule api-base-directories names what is no directory" { fatal api-base-directories '/tmp' 'rmdir tmp; ln -s var/tmp tmp'; }
@test "the rule baseimage-root names a missing /sysroot" { fatal baseimage-root '/sysroot' 'rmdir sysroot'; }
@test "the rule etc-usretc names /usr/etc" { fatal etc-usretc '/usr/etc' 'mkdir usr/etc'; }
@test "the rule var-run names /var/run" { fatal var-run '/var/run' 'rm -f var/run; mkdir var/run'; }
@test "the rule kernel names both kernels" {
  fatal kernel 'linux-image-9.9.9' 'mkdir usr/lib/modules/9.9.9; touch usr/lib/modules/9.9.9/{vmlinuz,initramfs.img,modules.builtin}'
}
@test "the rule bootc-kargs names the file" {
  fatal bootc-kargs 'broken.toml' 'mkdir -p usr/lib/bootc/kargs.d; echo "kargs = [" >usr/lib/bootc/kargs.d/broken.toml'
}
@test "the rule utf8 names the path" { fatal utf8 '/usr/share/' 'touch "$(printf "usr/share/\377")"'; }
@test "the rule baseimage-composefs warns" { warns baseimage-composefs composefs 'sed -i /^enabled/d usr/lib/ostree/prepare-root.conf'; }
@test "the rule nonempty-boot warns" { warns nonempty-boot '/boot/left' 'touch boot/left'; }
@test "the rule nonempty-run-tmp warns" { warns nonempty-run-tmp '/tmp/left' 'touch tmp/left'; }
@test "the rule sysusers warns of an account without a line" {
  warns sysusers somebody 'echo "somebody:x:1234:1234::/nonexistent:/bin/false" >>etc/passwd'
}
@test "the rule var-tmpfiles warns of a path without a line" { warns var-tmpfiles '/var/lib/unknown' 'mkdir var/lib/unknown'; }
@test "a tmpfiles.d line counts only in a file that systemd reads" {
  # The last character of this name is a newline.
  warns var-tmpfiles '/var/lib/unknown' 'mkdir var/lib/unknown; echo "d /var/lib/unknown" >usr/lib/tmpfiles.d/odd.conf$'"'\n'"
}
@test "the rule var-log warns of a log" { warns var-log '/var/log/left' 'echo left >var/log/left'; }
@test "the rule top-level-links names the directory" { fatal top-level-links '/home' 'rm home; mkdir home'; }
@test "the rule link-targets names the link" { fatal link-targets '/srv' 'rm -r var/srv'; }
@test "the rule dpkg-database names the link" { fatal dpkg-database '/var/lib/dpkg' 'rm var/lib/dpkg; cp -a usr/lib/sysimage/dpkg var/lib/dpkg'; }
@test "the rule dpkg-audit names the package" {
  fatal dpkg-audit bootc 'sed -i "/^Package: bootc$/,/^$/s/^Status: .*/Status: install ok half-configured/" usr/lib/sysimage/dpkg/status'
}
@test "the rule parent-modes names what is open above copies of state" {
  use_layer finalized
  quick_dracut
  mkdir -p "$R/var/lib/private/service"
  chmod 0700 "$R/var/lib/private"
  echo state >"$R/var/lib/private/service/file"
  finalized
  chmod 0755 "$R/usr/share/factory/var/lib/private"
  chmod 0777 "$R/usr/lib/sysimage/cache"
  run ! check_image
  check_names parent-modes fail '/usr/share/factory/var/lib/private has 0755 0:0, and /var/lib/private has 0700 0:0'
  check_names parent-modes fail '/usr/lib/sysimage/cache has 0777'
  finalized
}
@test "the rule kernel-files names the missing initramfs" { fatal kernel-files 'initramfs.img' 'rm usr/lib/modules/*/initramfs.img'; }
@test "the rule initramfs names an initramfs without ostree" {
  fatal initramfs '/usr/lib/modules/' 'for image in usr/lib/modules/*/initramfs.img; do echo broken >"$image"; done'
}
@test "the rule root-links warns" { warns root-links '/vmlinuz' 'ln -s boot/vmlinuz vmlinuz'; }
@test "the rule prepare-root names the file" { fatal prepare-root 'prepare-root.conf' 'sed -i /^readonly/d usr/lib/ostree/prepare-root.conf'; }
@test "the rule install-config warns" { warns install-config '/usr/lib/bootc/install' 'rm usr/lib/bootc/install/*.toml'; }
@test "the rule os-release warns" { warns os-release NAME 'sed -i /^NAME=/d usr/lib/os-release'; }
@test "the rule presets names what a first boot would change" {
  fatal presets 'a first boot would' 'rm usr/lib/systemd/system-preset/00-bootc-baseimage.preset'
}
@test "the rule apt-timers warns" {
  warns apt-timers 'apt-daily.timer' 'mkdir -p etc/systemd/system/timers.target.wants
    ln -s /usr/lib/systemd/system/apt-daily.timer etc/systemd/system/timers.target.wants/'
}
@test "the rule devices warns" {
  use_layer finalized
  # /dev is a mount point while commands run in there, and those are left alone.
  mknod "$R/dev/left" c 1 3
  ENTER_ROOT_DEV=own check_image || true
  check_names devices warn /dev/left
}
@test "the rule left-overs warns" { warns left-overs 'policy-rc.d' 'printf "#!/bin/sh\nexit 101\n" >usr/sbin/policy-rc.d'; }
@test "the rule identity names the host key" { fatal identity 'ssh_host' 'mkdir -p etc/ssh; echo key >etc/ssh/ssh_host_rsa_key'; }
@test "the rule private-keys names the file" {
  fatal private-keys '/etc/ssl/private/left.key' 'mkdir -p etc/ssl/private
    printf -- "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" >etc/ssl/private/left.key'
}
@test "the rule superusers warns of a second account with number 0" {
  warns superusers 'toor' 'echo "toor:x:0:0::/root:/bin/sh" >>etc/passwd'
}
@test "the rule passwords warns of an account that has one, and of one that needs none" {
  warns passwords 'root has' 'sed -i -e "s/^root:[^:]*:/root:\$6\$x\$y:/" -e "s/^daemon:[^:]*:/daemon::/" etc/shadow'
  check_names passwords warn 'daemon needs no'
}
@test "the rule build-host warns" { warns build-host '/etc/hostname' 'uname -n >etc/hostname'; }
@test "the rule ids names what is missing" { fatal ids 'lacks' 'sed -i "/^g messagebus/d" usr/lib/bootc-baseimage/ids.conf'; }
# The image has util-linux and the root's fdisk and dosfstools, but neither podman nor skopeo.
@test "the rule bootc-programs names the program and its package" {
  fatal bootc-programs 'skopeo is missing; install skopeo' 'cp bin/true usr/bin/bootc'
}
@test "the rule bootc-install-programs warns" {
  warns bootc-install-programs 'mkfs.fat is missing; install dosfstools' 'cp bin/true usr/bin/bootc; rm usr/sbin/mkfs.fat'
}
