#!/usr/bin/env bats
# bootc-baseimage-finalize is safe: killed, with mounts, with odd names; and two builds give the same.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

# The tree without what the kernel shows, locks, and the initramfs, which takes most of the time to hash.
image_tree() {
  (
    cd "$1" || exit
    find . -xdev -name lock -prune -o -name 'lock-frontend' -prune -o -printf '%p %y %m %U:%G %l\n'
    find . -xdev -name lock -prune -o -name 'lock-frontend' -prune -o -type f -print0 | xargs -0 sha256sum --tag
  ) | LC_ALL=C sort
}

# A root whose initramfs costs nothing, so that finalize can run many times: dracut is played by a stand-in.
quick_root() {
  installed_root
  mv "$R/usr/bin/dracut" "$R/usr/bin/dracut.real"
  cat >"$R/usr/bin/dracut" <<'END'
#!/bin/sh
# A stand-in for dracut: always the same image.
for argument; do case $argument in /*initramfs*) image=$argument ;; esac; done
cp /usr/share/stand-in-initramfs "$image"
END
  chmod 0755 "$R/usr/bin/dracut"
  # A real one, made once.
  cp "$R"/boot/initrd.img-* "$R/usr/share/stand-in-initramfs"
}

# bats test_tags=full
@test "killed at twenty random moments, dpkg works at each, and run again the end is the same" {
  quick_root
  local base=$R reference duration moment left=20
  stack_root "$base" "$(scratch)/reference"
  R=$(scratch)/reference/root
  duration=$(date +%s%3N)
  finalize >"$R.log" 2>&1 || { cat "$R.log" && false; }
  duration=$(($(date +%s%3N) - duration))
  reference=$(scratch)/reference.tree
  image_tree "$R" >"$reference"
  while [ $((left -= 1)) -ge 0 ]; do
    stack_root "$base" "$(scratch)/killed"
    R=$(scratch)/killed/root
    moment=$((RANDOM % duration))
    run inside sh -c "bootc-baseimage-finalize >/dev/null 2>&1 & sleep $((moment / 1000)).$(printf %03d $((moment % 1000))); kill -9 \$! 2>/dev/null"
    inside dpkg-query -W -f '${db:Status-Abbrev}' bootc 2>/dev/null | grep -qx 'ii ' || fail "killed after $moment of $duration ms: dpkg does not work"
    finalize >"$R.log" 2>&1 || { cat "$R.log" && fail "killed after $moment of $duration ms: the next run fails"; }
    image_tree "$R" >"$R.tree"
    same_tree "$reference" "$R.tree" "killed after $moment of $duration ms: the end is another"
    remove_overlay "$(scratch)/killed"
  done
}

# bats test_tags=full
@test "two copies of one root, finalized apart, have the same bytes" {
  installed_root
  local base=$R copy
  for copy in one two; do
    stack_root "$base" "$(scratch)/$copy"
    R=$(scratch)/$copy/root
    finalize >"$R.log" 2>&1
    image_tree "$R" >"$(scratch)/$copy.tree"
  done
  same_tree "$(scratch)/one.tree" "$(scratch)/two.tree" "the two differ"
}

@test "a cache mount, a bind-mounted file and a bind mount of the same file system keep their content" {
  quick_root
  mkdir -p "$(scratch)/cache" "$(scratch)/same" "$R/var/cache/mounted" "$R/var/lib/mounted" "$R/var/log/apt" "$R/mnt/mounted"
  echo keep | tee "$(scratch)/cache/file" "$(scratch)/file" >"$(scratch)/same/file"
  touch "$R/var/log/mounted.log"
  mount --bind "$(scratch)/cache" "$R/var/cache/mounted"
  mount --bind "$(scratch)/file" "$R/var/log/mounted.log"
  mount --bind "$(scratch)/same" "$R/var/lib/mounted"
  finalize >"$R.log" 2>&1 || { cat "$R.log" && false; }
  cat "$R.log"
  grep -q '/var/cache/mounted' "$R.log"
  umount "$R/var/cache/mounted" "$R/var/log/mounted.log" "$R/var/lib/mounted"
  local file
  for file in cache/file file same/file; do grep -x keep "$(scratch)/$file"; done
}

@test "odd names in /var: blank, percent, backslash and a sparse file come back at boot as they were" {
  quick_root
  mkdir -p "$R/var/lib/odd/with blank"
  echo content | tee "$R/var/lib/odd/100%" "$R/var/lib/odd/with blank/file" >"$R/var/lib/odd/back\\slash"
  truncate -s 1G "$R/var/lib/odd/sparse"
  finalize >"$R.log" 2>&1 || { cat "$R.log" && false; }
  [ "$(du -sm "$R/usr/share/factory/var/lib/odd" | cut -f1)" -lt 10 ]
  find "$R/var" -mindepth 1 -delete
  start_deployed "$R"
  grep -x content "$R/var/lib/odd/100%"
  grep -x content "$R/var/lib/odd/with blank/file"
  [ "$(stat -c %s "$R/var/lib/odd/sparse")" = $((1 << 30)) ]
}

# An odd thing in /var has a fate, or stops finalize with an error that names it; nothing is lost either way.
odd() {
  local name=$1
  quick_root
  mkdir -p "$R/var/lib/odd"
  (cd "$R/var/lib/odd" && eval "$2")
  if finalize >"$R.log" 2>&1; then
    [ -e "$R/var/lib/odd/$name" ] || [ -e "$R/usr/share/factory/var/lib/odd/$name" ] || grep -F odd "$R.log" || fail "it was lost without a word"
  else
    grep -F '/var/lib/odd' "$R.log" || { cat "$R.log" && fail "the error does not name it"; }
    [ -e "$R/var/lib/odd/$name" ] || fail "it is gone after an error"
  fi
}

@test "a newline in a name has a fate or a clear error" { odd $'new\nline' 'echo x >$'"'new\\nline'"; }
@test "a name that is not UTF-8 has a fate or a clear error" { odd $'\377' 'echo x >$'"'\\377'"; }
@test "a device has a fate or a clear error" { odd device 'mknod device c 1 3'; }

@test "a socket in /var is dropped, for its service to make anew" {
  quick_root
  mkdir -p "$R/var/lib/odd"
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$R/var/lib/odd/socket"
  finalize >"$R.log" 2>&1 || { cat "$R.log" && false; }
  [ ! -e "$R/var/lib/odd/socket" ]
}

@test "an immutable file in /var is an error that names it, and nothing is changed" {
  quick_root
  mkdir -p "$R/var/lib/odd"
  echo x >"$R/var/lib/odd/immutable"
  chattr +i "$R/var/lib/odd/immutable" || skip "no immutable files on this file system"
  run finalize
  chattr -i "$R/var/lib/odd/immutable"
  [ "$status" != 0 ]
  grep -F '/var/lib/odd/immutable' <<<"$output"
  [ ! -L "$R/var/lib/dpkg" ]
}

# bats test_tags=full
@test "two builds in another order of installation have the same numbers with --ids and --seed" {
  quick_root
  finalize >"$R.log" 2>&1
  derived apt-get update >"$R.log" 2>&1
  derived apt-get install -y --no-install-recommends redis-server memcached >>"$R.log" 2>&1
  finalize >>"$R.log" 2>&1 || { cat "$R.log" && false; }
  cp "$R/usr/lib/sysusers.d/00-bootc-baseimage-ids.conf" "$(scratch)/ids"
  getent_ids >"$(scratch)/first"

  overlay_root "$RELEASE" boot "$(scratch)/second"
  R=$(scratch)/second/root
  inside dpkg -i "$(deb bootc-baseimage)" >"$R.log" 2>&1
  ENTER_ROOT_BIND=$(scratch) inside bootc-baseimage-finalize --ids "$(scratch)/ids" --seed
  local package
  for package in memcached redis-server; do derived apt-get install -y --no-install-recommends $package; done >>"$R.log" 2>&1
  inside apt-get install -y --no-install-recommends "${ALL[@]}" >>"$R.log" 2>&1
  getent_ids | diff "$(scratch)/first" -

  # Without the seed a third build would be another one: drift is an error that names account and numbers.
  sed -i 's/^\(g redis \).*/\1987/' "$(scratch)/ids"
  run env ENTER_ROOT_BIND="$(scratch)" bash -c '. "$SYSTEM_TEST/lib/root.sh"; in_root "$1" bootc-baseimage-finalize --ids "$2"' - "$R" "$(scratch)/ids"
  [ "$status" != 0 ]
  grep -E 'redis.*987|987.*redis' <<<"$output"
}

getent_ids() { (cut -d: -f1,3 "$R/etc/group" && cut -d: -f1,3,4 "$R/etc/passwd") | sort; }
