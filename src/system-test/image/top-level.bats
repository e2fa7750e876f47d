#!/usr/bin/env bats
# Links of the image's author at the top level are not replaced in silence.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

@test "a link of the author's that leads elsewhere is an error with answers that work, and nothing is changed" {
  use_layer finalized
  quick_dracut
  rm "$R/home" "$R/srv"
  mkdir -p "$R/data/home/web" "$R/data/srv"
  echo home >"$R/data/home/web/file"
  echo site >"$R/data/srv/index"
  ln -s data/home "$R/home"
  ln -s /data/srv "$R/srv"
  refused_unchanged 1
  grep -F '/home is a link to data/home, expected var/home' <<<"$output" | grep -F 'keep /home'
  grep -F '/srv is a link to /data/srv, expected var/srv' <<<"$output" | grep -F 'factory /srv'

  # One answer of each kind.
  rm "$R/srv"
  mv "$R/data/srv" "$R/srv"
  mkdir -p "$R/etc/bootc-baseimage/finalize.d"
  printf '%s\n' 'keep /home' 'factory /srv' >"$R/etc/bootc-baseimage/finalize.d/links.conf"
  finalized
  [ "$(readlink "$R/home") $(readlink "$R/srv")" = 'data/home var/srv' ]
  [ "$(cat "$R/home/web/file" "$R/usr/share/factory/var/srv/index")" = $'home\nsite' ]
  # systemd's own lines for directories there find the links.
  run inside systemd-tmpfiles --create --boot --prefix=/home --prefix=/srv --prefix=/root
  run ! grep 'already exists' <<<"$output"
  finalize | tee /dev/stderr | grep '^0 changes'
}

@test "a link that leads where finalize's own does is fine, however it is written" {
  use_layer finalized
  quick_dracut
  rm "$R/home" "$R/mnt"
  ln -s /var/home/ "$R/home"
  ln -s ../var//mnt "$R/mnt"
  finalized
  [ "$(readlink "$R/home") $(readlink "$R/mnt")" = 'var/home var/mnt' ]
}

@test "/boot, /tmp, /run or /var that is a link is refused before anything is changed" {
  local name
  for name in boot tmp run var; do
    use_layer finalized "$name"
    mkdir "$R/data"
    mv "$R/$name" "$R/data/"
    ln -s "data/$name" "$R/$name"
    [ "$name" = run ] || [ "$name" = var ] || echo kept >"$R/data/$name/file"
    refused_unchanged 3
    grep -F "/$name is a link to data/$name, expected a directory" <<<"$output"
  done
}
