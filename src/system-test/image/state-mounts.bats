#!/usr/bin/env bats
# bats file_tags=full
# What a container build mounts into the root is never entered, emptied or removed.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

@test "a cache mount, a bind-mounted file and a bind mount of the same file system keep their content" {
  use_layer server-finalized
  mkdir -p "$R/usr/share/mounted/directory" "$R/var/lib/app/data" "$R/var/lib/postgresql/mounted" "$R/tmp/cache"
  echo kept | tee "$R/usr/share/mounted/file" "$R/usr/share/mounted/directory/file" >/dev/null
  touch "$R/var/lib/app/file"
  # In one go, because the mounts end with the command.
  inside sh -ec '
    mount -t tmpfs cache /var/cache/apt
    mount -t tmpfs cache /tmp/cache
    mount -t tmpfs cache /var/log/apt
    for cache in /var/cache/apt /tmp/cache /var/log/apt; do mkdir $cache/sub; echo kept >$cache/sub/file; done
    # What apt of another build may hold, and what only finalize makes.
    mkdir /var/cache/apt/archives
    touch /var/cache/apt/archives/lock
    mount --bind /usr/share/mounted/file /var/lib/app/file
    mount --bind /usr/share/mounted/directory /var/lib/app/data
    mount --bind /usr/share/mounted/directory /var/lib/postgresql/mounted
    bootc-baseimage-finalize --verbose
    echo "== after"
    for cache in /var/cache/apt /tmp/cache /var/log/apt; do cat $cache/sub/file; done
    ls /var/cache/apt/archives/lock
    cat /var/lib/app/file /var/lib/app/data/file /var/lib/postgresql/mounted/file
  ' >"$R.log" 2>&1 || { tail -n 20 "$R.log" && false; }
  [ "$(sed '1,/^== after/d' "$R.log" | grep -cx kept)" = 6 ]
  sed '1,/^== after/d' "$R.log" | grep -x /var/cache/apt/archives/lock
  local mounted
  for mounted in /var/cache/apt /tmp/cache /var/log/apt /var/lib/app/file /var/lib/app/data /var/lib/postgresql/mounted; do
    grep -F "$mounted" "$R.log" | grep 'mount point' || fail "$mounted is not listed as skipped"
  done
  # Nothing of theirs is in the image.
  run ! grep -rlx kept "$R/usr/share/factory" "$R/usr/lib/sysimage"
  [ "$(cat "$R/usr/share/mounted/directory/file")" = kept ]
}

@test "a file that is mounted into a seeded tree is not copied into the image" {
  use_layer finalized
  quick_dracut
  mkdir -p "$R/var/lib/app" "$R/usr/share/mounted"
  echo state >"$R/var/lib/app/state"
  touch "$R/var/lib/app/token"
  echo under-seal >"$R/usr/share/mounted/token"
  inside sh -ec '
    mount --bind /usr/share/mounted/token /var/lib/app/token
    bootc-baseimage-finalize' >"$R.log" 2>&1 || { tail -n 20 "$R.log" && false; }
  [ "$(cat "$R/usr/share/factory/var/lib/app/state")" = state ]
  [ ! -e "$R/usr/share/factory/var/lib/app/token" ]
  run ! grep -F /var/lib/app/token "$R/usr/lib/bootc-baseimage/seed.list"
}
