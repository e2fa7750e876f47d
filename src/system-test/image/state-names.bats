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
  # Sparse in the factory; systemd-tmpfiles itself fills the holes on the machine.
  [ "$(du -m "$R/usr/share/factory/var/lib/odd names/sparse" | cut -f 1)" -lt 8 ]
  empty_var "$R"
  # Without a machine around it some other line may complain: ours is looked at.
  inside systemd-tmpfiles --create --boot --exclude-prefix=/dev >"$R.tmpfiles" 2>&1 || true
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
