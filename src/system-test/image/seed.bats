#!/usr/bin/env bats
# State of the image on a machine: what bootc-baseimage-seed gives, once, and what it leaves alone.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

SEED=/usr/share/bootc-baseimage/seed
LIST=/usr/lib/bootc-baseimage/seed.list

setup() {
  use_layer finalized
  quick_dracut
}

# tree PATH [CONTENT]: state that a package may have made.
tree_of() {
  mkdir -p "$R/$1"
  echo "${2:-state}" >"$R/$1/file"
}

# What of the image a machine sees of its state; /var is the machine's own.
keep_image() {
  mkdir -p "$(scratch)/$1"
  cp -a "$R/usr/share/factory" "$R/usr/lib/bootc-baseimage" "$(scratch)/$1/"
}
boot_image() {
  rm -r "$R/usr/share/factory" "$R/usr/lib/bootc-baseimage"
  cp -a "$(scratch)/$1/factory" "$R/usr/share/"
  cp -a "$(scratch)/$1/bootc-baseimage" "$R/usr/lib/"
}

seeded() { inside "$SEED" >"$R.seed" 2>&1 || { cat "$R.seed" >&2 && return 1; }; }

nothing_half_made() {
  local left
  left=$(find "$R/var" -name '.bootc-baseimage-seed' -o -name unfinished -o -name '*.new')
  [ -z "$left" ] || fail "left behind: $left"
}

@test "copies of state are as closed to others as the state, also while they are made" {
  local program
  mkdir -p "$R/var/lib/closed/service" "$R/var/lib/closed/image" "$R/etc/bootc-baseimage/finalize.d"
  echo under-seal | tee "$R/var/lib/closed/service/file" >"$R/var/lib/closed/image/file"
  chown 33:33 "$R/var/lib/closed"
  chmod 0700 "$R/var/lib/closed"
  echo 'image /var/lib/closed/image' >"$R/etc/bootc-baseimage/finalize.d/image.conf"
  # Whatever writes a copy looks before and afterwards whether another account can read it.
  # shellcheck disable=SC2016 # for the stand-in
  printf '%s\n' '#!/bin/sh' 'name=${0##*/}' \
    'look() { setpriv --reuid 65534 --regid 65534 --clear-groups grep -rs under-seal /usr/share/factory /usr/lib/sysimage >>/usr/share/seen; }' \
    'look' '"$name.real" "$@"' 'status=$?' 'look' 'echo "$name" >>/usr/share/called' 'exit $status' >"$R/usr/share/spy"
  for program in tar cp; do
    mv "${R:?}/usr/bin/$program" "${R:?}/usr/bin/$program.real"
    install -m 0755 "$R/usr/share/spy" "$R/usr/bin/$program"
  done
  finalized
  grep -x tar "$R/usr/share/called"
  grep -x cp "$R/usr/share/called"
  [ ! -s "$R/usr/share/seen" ] || fail "others could read: $(cat "$R/usr/share/seen")"
  [ "$(stat -c '%a %u:%g' "$R/usr/share/factory/var/lib/closed" "$R/usr/lib/sysimage/closed")" = $'700 33:33\n700 33:33' ]
  [ "$(cat "$R/usr/share/factory/var/lib/closed/service/file" "$R/usr/lib/sysimage/closed/image/file")" = $'under-seal\nunder-seal' ]
  empty_var "$R"
  inside /usr/share/bootc-baseimage/seed
  [ "$(stat -c '%a %u:%g' "$R/var/lib/closed")" = '700 33:33' ]
}

@test "a machine gets the trees of its image with owners, access control lists, capabilities and holes" {
  tree_of var/lib/carried
  chown 33:33 "$R/var/lib/carried" "$R/var/lib/carried/file"
  chmod 0750 "$R/var/lib/carried"
  set_acl access "$R/var/lib/carried/file" u::rw- u:1:rw- g::r-- m::rw- o::---
  set_acl default "$R/var/lib/carried" u::rwx u:1:rwx g::r-x m::rwx o::---
  cp "$R/usr/bin/true" "$R/var/lib/carried/program"
  # cap_net_raw=ep
  xattr "$R/var/lib/carried/program" security.capability 0100000200200000000000000000000000000000
  xattr "$R/var/lib/carried/file" user.note 610a6e6f7465
  truncate -s 100M "$R/var/lib/carried/hole"
  touch -d 2020-01-02 "$R/var/lib/carried/file"
  finalized
  empty_var "$R"
  seeded
  [ "$(stat -c '%a %u:%g' "$R/var/lib/carried")" = '750 33:33' ]
  [ "$(stat -c '%u:%g %y' "$R/var/lib/carried/file" | cut -c 1-16)" = '33:33 2020-01-02' ]
  [ "$(get_acl access "$R/var/lib/carried/file" | xargs)" = 'u::rw- u:1:rw- g::r-- m::rw- o::---' ]
  [ "$(get_acl default "$R/var/lib/carried" | xargs)" = 'u::rwx u:1:rwx g::r-x m::rwx o::---' ]
  [ "$(xattr "$R/var/lib/carried/file" user.note)" = 610a6e6f7465 ]
  [ "$(xattr "$R/var/lib/carried/program" security.capability)" = 0100000200200000000000000000000000000000 ]
  [ "$(du -k "$R/var/lib/carried/hole" | cut -f 1)" -lt 1000 ]
  nothing_half_made
}

@test "what a tree has is given once: what is deleted stays deleted, what is changed stays changed" {
  tree_of var/lib/whole
  tree_of var/lib/collection/one
  tree_of var/lib/collection/two
  echo single >"$R/var/lib/single"
  finalized
  empty_var "$R"
  seeded
  rm -r "$R/var/lib/whole" "$R/var/lib/collection/one" "$R/var/lib/single"
  echo changed >"$R/var/lib/collection/two/file"
  seeded
  inside systemd-tmpfiles --create --boot --prefix=/var >"$R.tmpfiles" 2>&1 || true
  [ ! -e "$R/var/lib/whole" ]
  [ ! -e "$R/var/lib/collection/one" ]
  [ ! -e "$R/var/lib/single" ]
  [ "$(cat "$R/var/lib/collection/two/file")" = changed ]
}

@test "a later image's tree arrives where the machine has its siblings, whatever its owner keeps beside them" {
  tree_of var/lib/database/17/main
  echo stray >"$R/var/lib/database/notes"
  chown -R 33:33 "$R/var/lib/database"
  chmod 0710 "$R/var/lib/database/17"
  finalized
  keep_image first
  tree_of var/lib/database/18/main later
  chown -R 33:33 "$R/var/lib/database"
  chmod 0710 "$R/var/lib/database/18"
  finalized
  keep_image second
  empty_var "$R"
  boot_image first
  seeded
  [ ! -e "$R/var/lib/database/18" ]
  echo rows >"$R/var/lib/database/17/main/rows"
  boot_image second
  seeded
  [ "$(cat "$R/var/lib/database/18/main/file")" = later ]
  [ "$(stat -c '%a %u:%g' "$R/var/lib/database/18")" = '710 33:33' ]
  [ "$(cat "$R/var/lib/database/17/main/rows")" = rows ]
}

@test "a machine that an earlier image's C lines seeded keeps what it has, and gets what it lacks" {
  tree_of var/lib/had image
  tree_of var/lib/lacked image
  tree_of var/lib/empty image
  finalized
  empty_var "$R"
  mkdir -p "$R/var/lib/had" "$R/var/lib/empty"
  echo machine >"$R/var/lib/had/state"
  seeded
  [ "$(ls "$R/var/lib/had")" = state ]
  [ "$(cat "$R/var/lib/lacked/file" "$R/var/lib/empty/file")" = $'image\nimage' ]
  rm -r "$R/var/lib/had"
  seeded
  [ ! -e "$R/var/lib/had" ]
}

@test "in a directory that packages share, each child is a tree of its own" {
  local package name
  for name in one two; do
    package=$(scratch)/$name
    stand_in "stand-in-$name" "$package" 'a package that ships state'
    mkdir -p "$package/var/lib/shared/$name"
    echo "$name" | tee "$package/var/lib/shared/$name/file" >"$package/var/lib/shared/$name.conf"
    ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed "stand-in-$name" "$package")"
  done
  finalized
  grep '^tree /var/lib/shared' "$R$LIST" | diff - <(printf 'tree /var/lib/shared/%s\n' one one.conf two two.conf)
}

@test "a copy that is cut off is no state: the next boot makes it anew" {
  tree_of var/lib/first
  tree_of var/lib/second
  finalized
  empty_var "$R"
  # The power fails when half is copied.
  mv "$R/usr/bin/cp" "$R/usr/bin/cp.real"
  # shellcheck disable=SC2016 # for the stand-in
  printf '%s\n' '#!/bin/sh' 'for last; do :; done' 'case $last in */second) mkdir "$last"; echo half >"$last/file"; kill -KILL $PPID; exit 1 ;; esac' \
    'exec cp.real "$@"' >"$R/usr/bin/cp"
  chmod 0755 "$R/usr/bin/cp"
  run inside "$SEED"
  [ "$status" != 0 ]
  [ ! -e "$R/var/lib/second" ]
  mv "$R/usr/bin/cp.real" "$R/usr/bin/cp"
  seeded
  [ "$(cat "$R/var/lib/first/file" "$R/var/lib/second/file")" = $'state\nstate' ]
  nothing_half_made
}

@test "an empty volume of the machine's own is filled, also after an interruption" {
  tree_of var/lib/volume
  mkdir "$R/var/lib/volume/directory"
  echo more >"$R/var/lib/volume/directory/file"
  chown 33:33 "$R/var/lib/volume"
  chmod 0700 "$R/var/lib/volume"
  finalized
  empty_var "$R"
  mkdir -p "$R/var/lib/volume"
  inside sh -ec '
    mount -t tmpfs volume /var/lib/volume
    mkdir /var/lib/volume/lost+found
    /usr/share/bootc-baseimage/seed
    # What an interruption between two children leaves.
    rm -r /var/lib/volume/directory /var/lib/bootc-baseimage/seeded
    mkdir -p /var/lib/volume/.bootc-baseimage-seed/volume/half
    echo /var/lib/volume/.bootc-baseimage-seed >/var/lib/bootc-baseimage/unfinished
    /usr/share/bootc-baseimage/seed
    find /var/lib/volume -printf "%P %m %u\n" | sort' >"$R.seed" 2>&1 || { cat "$R.seed" && false; }
  printf '%s\n' ' 700 www-data' 'directory 755 root' 'directory/file 644 root' 'file 644 root' 'lost+found 755 root' | diff - "$R.seed"
}

@test "where an account has another number on the machine, its files are still its own" {
  tree_of var/lib/owned
  chown 33:33 "$R/var/lib/owned" "$R/var/lib/owned/file"
  chmod 2750 "$R/var/lib/owned"
  finalized
  empty_var "$R"
  sed -i 's/^www-data:x:33:33:/www-data:x:1033:1034:/' "$R/etc/passwd"
  sed -i 's/^www-data:x:33:/www-data:x:1034:/' "$R/etc/group"
  seeded
  [ "$(stat -c '%a %u:%g' "$R/var/lib/owned" "$R/var/lib/owned/file")" = $'2750 1033:1034\n644 1033:1034' ]
}

@test "an image whose access control lists were lost on the way gives nobody more rights" {
  tree_of var/lib/lost
  chmod 0640 "$R/var/lib/lost/file"
  set_acl access "$R/var/lib/lost/file" u::rw- u:1:rw- g::r-- m::rw- o::---
  finalized
  xattr "$R/usr/share/factory/var/lib/lost/file" system.posix_acl_access ''
  chmod 0660 "$R/usr/share/factory/var/lib/lost/file"
  empty_var "$R"
  seeded
  [ "$(stat -c %a "$R/var/lib/lost/file")" = 640 ]
  grep '/var/lib/lost/file has lost its access control list' "$R.seed"
}

@test "a tree that does not fit fails by name, leaves nothing, keeps no other back, and comes when there is room" {
  tree_of var/lib/before
  tree_of var/lib/small/large
  dd if=/dev/urandom of="$R/var/lib/small/large/content" bs=1M count=2 status=none
  tree_of var/lib/tree-after
  finalized
  empty_var "$R"
  mkdir -p "$R/var/lib/small"
  inside sh -ec '
    mount -t tmpfs -o size=1M small /var/lib/small
    ! /usr/share/bootc-baseimage/seed
    ls -A /var/lib/small | sed "s/^/left: /"
    mount -o remount,size=4M /var/lib/small
    /usr/share/bootc-baseimage/seed
    cat /var/lib/small/large/file' >"$R.seed" 2>&1 || { cat "$R.seed" && false; }
  grep '/var/lib/small/large is missing' "$R.seed"
  run ! grep '^left: ' "$R.seed"
  [ "$(tail -n 1 "$R.seed")" = state ]
  [ "$(cat "$R/var/lib/before/file" "$R/var/lib/tree-after/file")" = $'state\nstate' ]
}

@test "a service cannot have the image's state copied elsewhere through a link" {
  tree_of var/lib/owned/sub
  echo 'a collection' >"$R/var/lib/owned/other"
  mkdir -p "$R/var/lib/owned/17"
  chown -R 33:33 "$R/var/lib/owned"
  finalized
  empty_var "$R"
  mkdir -p "$R/var/lib/owned" "$R/etc/target"
  ln -s /etc/target "$R/var/lib/owned/sub"
  chown -h 33:33 "$R/var/lib/owned" "$R/var/lib/owned/sub"
  run inside "$SEED"
  [ -z "$(ls -A "$R/etc/target")" ]
}

@test "directories without a file in them are no state, on the disk or on a volume: the tree arrives, and what has a file stays" {
  local tree
  for tree in skeleton volume had; do
    tree_of "var/lib/$tree/deep/er"
    echo image >"$R/var/lib/$tree/file"
  done
  chown 33:33 "$R/var/lib/skeleton/deep"
  chmod 0750 "$R/var/lib/skeleton/deep"
  finalized
  empty_var "$R"
  mkdir -p "$R/var/lib/skeleton/deep/er" "$R/var/lib/skeleton/other" "$R/var/lib/volume" "$R/var/lib/had/deep/er/own"
  echo machine >"$R/var/lib/had/deep/er/own/state"
  inside sh -ec '
    mount -t tmpfs volume /var/lib/volume
    mkdir -p /var/lib/volume/lost+found /var/lib/volume/deep/er
    /usr/share/bootc-baseimage/seed
    cat /var/lib/volume/file /var/lib/volume/deep/er/file' >"$R.seed" 2>&1 || { cat "$R.seed" && false; }
  [ "$(cat "$R.seed")" = $'image\nstate' ]
  [ "$(cat "$R/var/lib/skeleton/file" "$R/var/lib/skeleton/deep/er/file")" = $'image\nstate' ]
  [ "$(stat -c '%a %u:%g' "$R/var/lib/skeleton/deep")" = '750 33:33' ]
  [ "$(find "$R/var/lib/had" -type f)" = "$R/var/lib/had/deep/er/own/state" ]
  nothing_half_made
}

@test "a directory with a mount point in it is state, also when it has no file" {
  tree_of var/lib/mounted/sub
  echo image >"$R/var/lib/mounted/file"
  finalized
  empty_var "$R"
  mkdir -p "$R/var/lib/mounted/sub"
  inside sh -ec 'mount -t tmpfs volume /var/lib/mounted/sub && /usr/share/bootc-baseimage/seed' >"$R.seed" 2>&1 || { cat "$R.seed" && false; }
  [ "$(ls "$R/var/lib/mounted")" = sub ]
}

@test "a build step that deletes all but the directories of /var loses nothing" {
  tree_of var/lib/kept/sub
  echo image >"$R/var/lib/kept/file"
  finalized
  find "$R/var" -mindepth 1 ! -type d -delete
  finalized
  [ "$(cat "$R/var/lib/kept/file" "$R/usr/share/factory/var/lib/kept/sub/file")" = $'image\nstate' ]
}

@test "a service cannot lead the copy of its state elsewhere by a link at the place where it is made" {
  local kind
  for kind in link directory; do
    tree_of "var/lib/$kind/17" "$kind"
    chown -R 33:33 "$R/var/lib/$kind"
  done
  finalized
  empty_var "$R"
  mkdir -p "$R/var/lib/link" "$R/var/lib/directory/.bootc-baseimage-seed/17" "$R/etc/target/17"
  echo precious | tee "$R/etc/target/17/precious" >"$R/var/lib/directory/.bootc-baseimage-seed/17/planted"
  ln -s /etc/target "$R/var/lib/link/.bootc-baseimage-seed"
  chown -hR 33:33 "$R/var/lib/link" "$R/var/lib/directory"
  seeded
  [ "$(ls "$R/etc/target/17")" = precious ]
  [ "$(cat "$R"/var/lib/{link,directory}/17/*)" = $'link\ndirectory' ]
  nothing_half_made
}

@test "a failure that comes before the copy removes nothing behind a link of a service" {
  tree_of var/lib/owned/sub/17
  chown -R 33:33 "$R/var/lib/owned"
  finalized
  empty_var "$R"
  # The parent is a link of the service, so the tree fails, and the place of the copy leads to files of others.
  mkdir -p "$R/var/lib/owned" "$R/var/lib/elsewhere" "$R/etc/target/17"
  echo precious >"$R/etc/target/17/precious"
  ln -s /var/lib/elsewhere "$R/var/lib/owned/sub"
  ln -s /etc/target "$R/var/lib/elsewhere/.bootc-baseimage-seed"
  chown -hR 33:33 "$R/var/lib/owned" "$R/var/lib/elsewhere"
  run inside "$SEED"
  [ "$status" != 0 ]
  [ "$(cat "$R/etc/target/17/precious")" = precious ]
}

@test "directories above a tree belong to the account of their name, and no list names an account of another number" {
  tree_of var/lib/above/sub/17
  chown -R 33:33 "$R/var/lib/above"
  chmod 0640 "$R/var/lib/above/sub/17/file"
  chmod 0750 "$R/var/lib/above" "$R/var/lib/above/sub"
  set_acl access "$R/var/lib/above/sub/17/file" u::rw- u:33:rw- g::r-- m::rw- o::---
  set_acl default "$R/var/lib/above/sub/17" u::rwx u:33:rwx g::r-x m::rwx o::---
  tree_of var/lib/untouched
  set_acl access "$R/var/lib/untouched/file" u::rw- u:1:rw- g::r-- m::rw- o::---
  finalized
  empty_var "$R"
  sed -i 's/^www-data:x:33:33:/www-data:x:1033:1034:/' "$R/etc/passwd"
  sed -i 's/^www-data:x:33:/www-data:x:1034:/' "$R/etc/group"
  seeded
  [ "$(stat -c '%a %u:%g' "$R/var/lib/above" "$R/var/lib/above/sub")" = $'750 1033:1034\n750 1033:1034' ]
  [ "$(stat -c '%a %u:%g' "$R/var/lib/above/sub/17/file")" = '640 1033:1034' ]
  run ! xattr "$R/var/lib/above/sub/17/file" system.posix_acl_access
  run ! xattr "$R/var/lib/above/sub/17" system.posix_acl_default
  grep '/var/lib/above/sub/17/file has lost its access control list' "$R.seed"
  [ "$(get_acl access "$R/var/lib/untouched/file" | xargs)" = 'u::rw- u:1:rw- g::r-- m::rw- o::---' ]
}

@test "a directory that a line of others makes has its access control list on each machine" {
  echo 'd /var/lib/made 0750 root root' >"$R/usr/lib/tmpfiles.d/made.conf"
  mkdir -m 0750 "$R/var/lib/made"
  set_acl access "$R/var/lib/made" u::rwx u:1:rwx g::r-x m::rwx o::---
  finalized
  empty_var "$R"
  inside systemd-tmpfiles --create --boot --prefix=/var/lib/made
  [ "$(get_acl access "$R/var/lib/made" | xargs)" = 'u::rwx u:1:rwx g::r-x m::rwx o::---' ]
  [ "$(grep -c /var/lib/made "$R/usr/lib/tmpfiles.d/00-bootc-baseimage.conf")" = 1 ]
}

@test "--previous names what machines of the previous image do not get" {
  tree_of var/lib/known
  tree_of var/lib/same
  tree_of var/lib/collection/old
  finalized
  cp "$R$LIST" "$R/usr/share/previous.list"
  echo changed >"$R/var/lib/known/file"
  echo new >"$R/var/lib/known/new"
  tree_of var/lib/collection/new
  finalize --previous /usr/share/previous.list >"$R.log" 2>&1
  grep -F 'warning: machines that were given /var/lib/known by the previous image do not get what is new or changed in it here: /var/lib/known/file, /var/lib/known/new' "$R.log"
  [ "$(grep -c 'machines that were given' "$R.log")" = 1 ]
  echo nonsense >"$R/usr/share/previous.list"
  run finalize --previous /usr/share/previous.list
  [ "$status" = 2 ]
  grep -F '"nonsense" is no line of a list of seed trees' <<<"$output"
}

@test "--previous names what is new in a tree that contains trees of the previous image" {
  tree_of var/lib/grown/one
  tree_of var/lib/grown/two
  finalized
  cp "$R$LIST" "$R/usr/share/previous.list"
  echo new | tee "$R/var/lib/grown/new" >"$R/var/lib/grown/two/new"
  finalize --previous /usr/share/previous.list >"$R.log" 2>&1
  grep -x 'tree /var/lib/grown' "$R$LIST"
  grep -F 'given /var/lib/grown/one by the previous image do not get what is new or changed in it here: /var/lib/grown/new' "$R.log"
  grep -F 'given /var/lib/grown/two by the previous image do not get what is new or changed in it here: /var/lib/grown/two/new' "$R.log"
  [ "$(grep -c 'machines that were given' "$R.log")" = 2 ]
}

@test "a build step that empties /var loses nothing: the next finalize restores it" {
  tree_of var/lib/kept
  chown 33:33 "$R/var/lib/kept"
  touch -d 2020-01-02 "$R/var/lib/kept/file"
  set_acl access "$R/var/lib/kept/file" u::rw- u:1:rw- g::r-- m::rw- o::---
  finalized
  # What lines of others make in /var comes at boot.
  image_tree "$R" | grep '^[^ ]* *(\?\./usr/' >"$R.before"
  find "$R/var" -mindepth 1 -delete
  finalized
  image_tree "$R" | grep '^[^ ]* *(\?\./usr/' >"$R.after"
  [ "$(wc -l <"$R.after")" -gt 1000 ]
  same_tree "$R.before" "$R.after" "the restored root differs"
  [ "$(get_acl access "$R/var/lib/kept/file" | xargs)" = 'u::rw- u:1:rw- g::r-- m::rw- o::---' ]
  check_image
  check_names var-tmpfiles ok
}
