# All of /etc/systemd: as the image has it, after this boot, and after preset-all in each mode.
# shellcheck shell=bash
listing() {
  (
    cd "$1" || exit
    find . -printf '%p %y %m %l\n' | sort
    find . -type f -exec sha256sum {} + | sort
  )
}

# OSTree keeps the image's own /etc there.
[ ! -d /usr/etc/systemd ] || fact etc-systemd-image listing /usr/etc/systemd
fact etc-systemd listing /etc/systemd
for mode in full enable-only disable-only; do
  fact "preset-all-$mode" systemctl preset-all --preset-mode="$mode"
  fact "etc-systemd-$mode" listing /etc/systemd
done
