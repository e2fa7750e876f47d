#!/usr/bin/env bats
# bats file_tags=full
# Names and kinds of files that tmpfiles.d makes trouble of: each has a fate or a clear error, and nothing is lost.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

NEWLINE=$'new\nline'

# Below a directory of its own and, as single files, in a shared one.
odd_names() {
  local directory
  for directory in "$R/var/lib/odd names" "$R/var/lib"; do
    mkdir -p "$directory"
    echo blank >"$directory/a blank"
    echo percent >"$directory/100%b"
    echo newline >"$directory/$NEWLINE"
    echo quoted >"$directory/\"quo\\ted'"
    mkdir -p "$directory/an empty %d" "$directory/-dash"
    ln -sfn 'a %b target' "$directory/a link"
  done
  mkfifo "$R/var/lib/odd names/fifo"
  truncate -s 1G "$R/var/lib/odd names/sparse"
  echo end >>"$R/var/lib/odd names/sparse"
  perl -MIO::Socket::UNIX -e 'chdir shift; IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die' "$R/var/lib/odd names"
}

# What of it a machine has.
check_odd_names() {
  local directory
  for directory in "$R/var/lib/odd names" "$R/var/lib"; do
    [ "$(cat "$directory/a blank" "$directory/100%b" "$directory/$NEWLINE" "$directory/\"quo\\ted'")" = "blank
percent
newline
quoted" ]
    [ -d "$directory/an empty %d" ] && [ -d "$directory/-dash" ]
    [ "$(readlink "$directory/a link")" = 'a %b target' ]
  done
  [ -p "$R/var/lib/odd names/fifo" ]
  [ ! -e "$R/var/lib/odd names/socket" ]
  [ "$(stat -c %s "$R/var/lib/odd names/sparse")" = $((1024 * 1024 * 1024 + 4)) ]
  [ "$(tail -n 1 "$R/var/lib/odd names/sparse" | tr -d '\0')" = end ]
}

@test "blanks, newlines, percent signs, quotes, a fifo, a link and a sparse file of 1 GB come to the machine, a socket does not" {
  use_layer server-finalized
  odd_names
  inside bootc-baseimage-finalize --dry-run --verbose >"$R.fates"
  local shown
  for shown in 'odd' blank '100%' quo fifo sparse socket; do
    grep -E "^[a-z]+ +/var/lib/.*$shown" "$R.fates" || fail "no fate for $shown"
  done
  finalized
  [ "$(du -m "$R/usr/share/factory/var/lib/odd names/sparse" | cut -f 1)" -lt 8 ]
  empty_var "$R"
  # As at boot. Without a machine around it some other line may complain: ours is looked at.
  inside /usr/share/bootc-baseimage/seed
  inside systemd-tmpfiles --create --boot --exclude-prefix=/dev >"$R.tmpfiles" 2>&1 || true
  [ "$(du -m "$R/var/lib/odd names/sparse" | cut -f 1)" -lt 8 ]
  run ! grep '00-bootc-baseimage' "$R.tmpfiles"
  check_odd_names
}

@test "a name that is not UTF-8, an immutable file and a device are errors that name them, and nothing is changed" {
  use_layer server-finalized
  local bad=$R/var/lib/bad
  mkdir "$bad"
  echo kept >"$bad/$(printf 'latin-\344')"
  echo kept >"$bad/immutable"
  mknod "$bad/device" c 1 3
  chattr +i "$bad/immutable" || skip "the file system has no immutable files"
  image_tree "$R" >"$R.before"
  run inside bootc-baseimage-finalize
  # Before anything else: the layer must be removable.
  image_tree "$R" >"$R.after"
  run_again="$output" failed=$status
  chattr -i "$bad/immutable"
  [ "$failed" = 1 ]
  grep -F '/var/lib/bad/latin-' <<<"$run_again" | grep 'UTF-8'
  grep -F '/var/lib/bad/immutable' <<<"$run_again"
  grep -F '/var/lib/bad/device' <<<"$run_again"
  same_tree "$R.before" "$R.after" "finalize changed something, although it refused"

  # The author's answer is taken.
  mkdir -p "$R/etc/bootc-baseimage/finalize.d"
  echo 'drop /var/lib/bad' >"$R/etc/bootc-baseimage/finalize.d/bad.conf"
  finalized
  [ ! -e "$bad" ]
}

@test "names of 250 bytes and names with backslashes, at any depth, come to the machine" {
  use_layer finalized
  quick_dracut
  local long deep path
  long=$(printf 'n%.0s' {1..250})
  deep=$(printf '/deep-%.0s' {1..300})
  for path in "$R/var/lib/$long" "$R/var/lib/back\\nslash" "$R/var/lib/deep$deep"; do
    mkdir -p "$path"
    echo state >"$path/file\\t"
  done
  echo state >"$R/var/lib/x$long"
  ln -s target "$R/var/lib/l$long"
  mkdir -p "$R/var/lib/i$long" "$R/etc/bootc-baseimage/finalize.d"
  echo state >"$R/var/lib/i$long/file"
  echo "image /var/lib/i$long" >"$R/etc/bootc-baseimage/finalize.d/image.conf"
  # The top level's content moves.
  mkdir "$R/srv.new" && rm "$R/srv" && mv "$R/srv.new" "$R/srv"
  mkdir "$R/srv/$long"
  echo "factory /srv" >>"$R/etc/bootc-baseimage/finalize.d/image.conf"
  finalized
  [ "$(cat "$R/usr/lib/sysimage/i$long/file")" = state ]
  [ -d "$R/var/srv/$long" ]
  finalize | grep '^0 changes'
  empty_var "$R"
  inside /usr/share/bootc-baseimage/seed
  inside systemd-tmpfiles --create --boot --prefix=/var >"$R.tmpfiles" 2>&1 || true
  for path in "$R/var/lib/$long" "$R/var/lib/back\\nslash" "$R/var/lib/deep$deep"; do
    [ "$(cat "$path/file\\t")" = state ]
  done
  [ "$(cat "$R/var/lib/x$long")" = state ]
  [ "$(readlink "$R/var/lib/l$long")" = target ]
}

@test "what chattr made immutable is found before anything is changed, wherever finalize would write or remove" {
  use_layer finalized
  quick_dracut
  local path paths=(boot/left etc/hostid etc/machine-id etc/secret.key usr/lib/sysimage/kept usr/share/factory/var/old var/tmp/build
    var/lib/ucf/immutable usr/lib/tmpfiles.d/00-bootc-baseimage.conf tmp/left)
  mkdir -p "$R/etc/bootc-baseimage/finalize.d"
  echo 'drop /etc/secret.key' >"$R/etc/bootc-baseimage/finalize.d/drop.conf"
  for path in "${paths[@]}"; do
    mkdir -p "$(dirname "$R/$path")"
    [ -e "$R/$path" ] || echo kept >"$R/$path"
  done
  image_tree "$R" >"$R.before"
  for path in "${paths[@]}"; do chattr +i "$R/$path" || skip "the file system has no immutable files"; done
  run finalize
  for path in "${paths[@]}"; do chattr -i "$R/$path"; done
  image_tree "$R" >"$R.after"
  [ "$status" = 1 ]
  for path in "${paths[@]}"; do grep -F "/$path: immutable or append-only" <<<"$output" || fail "/$path is not named"; done
  same_tree "$R.before" "$R.after" "finalize changed something, although it refused"
  finalized
}

@test "a directory's access control list comes to the machine and gives nobody else rights; other attributes are refused by name" {
  use_layer finalized
  quick_dracut
  mkdir "$R/var/lib/listed"
  chmod 2750 "$R/var/lib/listed"
  set_acl access "$R/var/lib/listed" u::rwx u:1:rwx g::r-x m::rwx o::---
  set_acl default "$R/var/lib/listed" u::rwx g::r-x g:4:rwx m::rwx o::---
  finalized
  grep -x 'd /var/lib/listed :2750 :root :root - -' "$R/usr/lib/tmpfiles.d/00-bootc-baseimage.conf"
  empty_var "$R"
  inside systemd-tmpfiles --create --boot --prefix=/var >"$R.tmpfiles" 2>&1 || true
  [ "$(get_acl access "$R/var/lib/listed" | xargs)" = 'u::rwx u:1:rwx g::r-x m::rwx o::---' ]
  [ "$(get_acl default "$R/var/lib/listed" | xargs)" = 'u::rwx g::r-x g:4:rwx m::rwx o::---' ]
  # Restored in a derived build it is the same again.
  finalized
  grep -x 'd /var/lib/listed :2750 :root :root - -' "$R/usr/lib/tmpfiles.d/00-bootc-baseimage.conf"

  xattr "$R/var/lib/listed" user.note 78
  run finalize
  [ "$status" = 1 ]
  grep -F '/var/lib/listed: tmpfiles.d cannot carry the extended attributes user.note' <<<"$output"
}

@test "files in /home, /srv and /root are an error that names them, or what the author says" {
  use_layer server-finalized
  mkdir -p "$R/var/home/builder" "$R/var/srv/site"
  echo state >"$R/var/home/builder/file"
  echo site >"$R/var/srv/site/index"
  run inside bootc-baseimage-finalize
  [ "$status" = 1 ]
  grep -F /var/home/builder/file <<<"$output"
  grep -F /var/srv/site/index <<<"$output"
  mkdir -p "$R/etc/bootc-baseimage/finalize.d"
  printf '%s\n' 'drop /home/builder' 'factory /srv/site' >"$R/etc/bootc-baseimage/finalize.d/homes.conf"
  finalized
  [ ! -e "$R/var/home/builder" ]
  [ "$(cat "$R/usr/share/factory/var/srv/site/index")" = site ]
}
