#!/usr/bin/env bats
# bootc-destructive-cleanup against a fake old system: it deletes that system's own files and nothing else.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

OLD_PACKAGE_FILES=(/etc/old.conf /usr/bin/old '/usr/share/old/with blank' /usr/lib/old/library /lib/old/usrmerged
  /usr/share/old/link /srv/elsewhere/bin/escaped)

# An old system in $R/sysroot: files that its dpkg lists name, and beside them what has to stay.
old_system() {
  use_layer installed
  S=$R/sysroot
  mkdir -p "$S"/{etc,usr/bin,usr/lib/old,usr/share/old,var/lib/dpkg/info,home/user,root,boot,ostree/repo,srv,mnt/other}
  mkdir -p "$S/var/lib/containers" "$S/opt/admin"
  ln -s usr/lib "$S/lib"
  # Absolute, as the old system saw it: /opt in there, not here.
  ln -s /opt "$S/srv/elsewhere"
  mkdir -p "$S/opt/bin" "$R/opt/bin"
  echo old | tee "$S/etc/old.conf" "$S/usr/bin/old" "$S/usr/share/old/with blank" "$S/usr/lib/old/library" \
    "$S/usr/lib/old/usrmerged" "$S/opt/bin/escaped" >"$S/usr/share/old/target"
  ln -s target "$S/usr/share/old/link"
  # What stays: protected, not listed, of another file system, of this system, a second name of a listed file.
  echo keep | tee "$S/home/user/file" "$S/root/file" "$S/boot/vmlinuz" "$S/var/lib/containers/file" \
    "$S/opt/admin/by hand" "$R/opt/bin/escaped" "$S/usr/share/old/not listed" >"$S/etc/admin.conf"
  ln "$S/usr/bin/old" "$S/ostree/repo/object"
  ln -s /etc/passwd "$S/etc/absolute"
  printf 'keep\n' >"$S/usr/share/new
line"
  printf '%s\n' /. /etc /usr /usr/bin /usr/share /usr/share/old /usr/share/old/target "${OLD_PACKAGE_FILES[@]}" /etc/absolute \
    /home/user/file /boot/vmlinuz /root/file /var/lib/containers/file /mnt/other/file /usr/share/new \
    >"$S/var/lib/dpkg/info/old.list"
  # A list with a line that is no path was not written by dpkg: half of a name must not be taken for a whole one.
  mkdir -p "$S/usr/share/half"
  echo keep >"$S/usr/share/half/name"
  printf '%s\n' /usr/share/half/name 'rest of a name' >"$S/var/lib/dpkg/info/odd.list"
  printf 'Package: old\n' >"$S/var/lib/dpkg/status"
  touch "$S/etc/bootc-destructive-cleanup"
}

# The helper as the unit calls it, with another file system in the middle of the old system.
cleanup() {
  in_root "$R" sh -ec '
    touch /run/ostree-booted
    mount --bind /sysroot /sysroot
    mount -t tmpfs tmpfs /sysroot/mnt/other
    echo keep >/sysroot/mnt/other/file
    status=0
    "$@" || status=$?
    cat /sysroot/mnt/other/file
    exit $status' - "$@"
}

HELPER=/usr/libexec/bootc-destructive-cleanup

check_kept() {
  local file
  for file in "$S/home/user/file" "$S/root/file" "$S/boot/vmlinuz" "$S/var/lib/containers/file" "$S/opt/admin/by hand" \
    "$S/usr/share/old/not listed" "$S/etc/admin.conf" "$R/opt/bin/escaped" "$S/usr/share/new
line" "$S/usr/share/half/name"; do
    grep -qx keep "$file" || fail "$file is gone" || return 1
  done
  [ "$(cat "$S/ostree/repo/object")" = old ] || fail "the other name of a hard link is gone" || return 1
  [ -f "$R/etc/passwd" ] || fail "an absolute link was followed out of the old system"
}

check_gone() {
  local file
  for file in "${OLD_PACKAGE_FILES[@]}" /etc/absolute /var/lib/dpkg /etc/bootc-destructive-cleanup; do
    [ ! -e "$S$file" ] && [ ! -L "$S$file" ] || fail "$file is still there" || return 1
  done
}

@test "destructive cleanup deletes the old system's own files and nothing else" {
  old_system
  (cd "$R" && find . -xdev -path ./sysroot -prune -o -path ./var/log -prune -o -printf '%p %y %m %s %l\n' | sort) >"$R.before"
  cleanup "$HELPER" | tee /dev/stderr | grep -qx keep
  check_gone
  check_kept
  # Of the running system, not one file.
  (cd "$R" && find . -xdev -path ./sysroot -prune -o -path ./var/log -prune -o -printf '%p %y %m %s %l\n' | sort) | diff "$R.before" -
}

@test "destructive cleanup with --dry-run names files and changes none" {
  old_system
  tree "$S" >"$R.before"
  cleanup "$HELPER" --dry-run >"$R.said"
  grep -x '/sysroot/usr/bin/old' "$R.said"
  tree "$S" | diff "$R.before" -
}

@test "destructive cleanup a second time does nothing" {
  old_system
  cleanup "$HELPER"
  tree "$S" >"$R.before"
  cleanup "$HELPER" | grep 'nothing is deleted'
  tree "$S" | diff "$R.before" -
}

@test "destructive cleanup says that it cannot see the database of an old system with a separate /var, and keeps the stamp" {
  old_system
  rm -r "$S/var/lib/dpkg"
  printf '%s\n' '# /etc/fstab' 'UUID=1 / ext4 defaults 0 1' 'UUID=2 /var ext4 defaults 0 2' >"$S/etc/fstab"
  tree "$S" >"$R.before"
  # No failure: that would leave the machine degraded for good.
  cleanup "$HELPER" | grep 'nothing is deleted: the old system had /var on a file system of its own'
  tree "$S" | diff "$R.before" -
}

@test "destructive cleanup without the stamp does nothing" {
  old_system
  rm "$S/etc/bootc-destructive-cleanup"
  tree "$S" >"$R.before"
  cleanup "$HELPER"
  tree "$S" | diff "$R.before" -
}

@test "destructive cleanup killed after any of its steps goes on in the next run" {
  old_system
  cp -a "$S" "$R.pristine"
  local after steps=0
  # perl kills itself after the nth deletion, as a power cut would end it.
  for after in 1 2 4 7 10 13 16 19; do
    rm -rf "$S"
    cp -a "$R.pristine" "$S"
    run cleanup perl -e '
      my $left = shift; my $program = shift;
      *CORE::GLOBAL::unlink = sub { my @f = @_ ? @_ : ($_); my $n = 0; for (@f) { $n += CORE::unlink($_); kill 9, $$ if !--$left } return $n };
      *CORE::GLOBAL::rmdir = sub { my $d = @_ ? $_[0] : $_; my $n = CORE::rmdir($d); kill 9, $$ if !--$left; return $n };
      $0 = $program; do $program or die $@ || $!' "$after" "$HELPER"
    [ "$status" = 0 ] || steps=$((steps + 1))
    # The stamp goes last of all.
    [ -e "$S/etc/bootc-destructive-cleanup" ] || check_gone || fail "killed after $after: the stamp is gone too early"
    check_kept || fail "killed after $after"
    cleanup "$HELPER"
    check_gone || fail "killed after $after and run again"
    check_kept || fail "killed after $after and run again"
  done
  # At least some of the runs must really have been cut short.
  [ "$steps" -ge 4 ]
}
