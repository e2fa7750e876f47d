#!/usr/bin/env bats
# What the image's author decides, what is no image's in any case, and who else may work on the root meanwhile.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

@test "the author's words keep, drop, empty, factory, image, waive and os-release are carried out" {
  use_layer finalized
  local word ours=$R/usr/lib/tmpfiles.d/00-bootc-baseimage.conf list=$R/usr/lib/bootc-baseimage/seed.list
  for word in keep drop empty factory image; do
    mkdir -p "$R/var/lib/to-$word"
    echo state >"$R/var/lib/to-$word/file"
  done
  mkdir -p "$R/etc/ssl/private" "$R/etc/bootc-baseimage/finalize.d"
  # One of them is seeded, and its factory copy meant as well.
  printf -- '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' |
    tee "$R/etc/ssl/private/meant.key" >"$R/var/lib/to-factory/meant.key"
  # As in an image without apt-ostree.
  sed -i '\#/run/media#d' "$R/usr/lib/tmpfiles.d/apt-ostree-0-integration.conf"
  # State where the FHS wants it; no package brought it through the link /opt.
  mkdir -p "$R/var/opt/acme"
  echo state >"$R/var/opt/acme/file"
  {
    printf '%s\n' 'waive /etc/ssl/private/meant.key' 'waive /var/lib/to-factory/meant.key' 'os-release VERSION_ID=42'
    for word in keep drop empty factory image; do echo "$word /var/lib/to-$word"; done
  } >"$R/etc/bootc-baseimage/finalize.d/image.conf"
  finalized
  [ "$(cat "$R/var/lib/to-keep/file")" = state ]
  run ! grep -h /var/lib/to-keep "$R"/usr/lib/tmpfiles.d/*.conf
  [ ! -e "$R/var/lib/to-drop" ]
  run ! grep -h /var/lib/to-drop "$ours"
  grep -E '^d +/var/lib/to-empty ' "$ours"
  [ -z "$(find "$R/var/lib/to-empty" "$R/usr/share/factory/var/lib/to-empty" -type f 2>/dev/null)" ]
  grep -x 'tree /var/lib/to-factory' "$list"
  [ "$(cat "$R/usr/share/factory/var/lib/to-factory/file")" = state ]
  [ "$(readlink "$R/var/lib/to-image")" = ../../usr/lib/sysimage/to-image ]
  [ "$(cat "$R/usr/lib/sysimage/to-image/file")" = state ]
  grep -x 'VERSION_ID=42' "$R/usr/lib/os-release"
  grep -x 'tree /var/opt/acme' "$list"
  [ "$(cat "$R/usr/share/factory/var/opt/acme/file")" = state ]
  # What /media leads to.
  grep -x 'd /run/media :0755 :root :root - -' "$ours"
}

@test "drop is carried out outside /var too, and in what belongs to the image" {
  use_layer finalized
  local path dropped=(/etc/acme/key /opt/acme/cache /usr/local/share/acme/cache /usr/share/acme/cache /srv/acme /var/lib/dkms/acme
    /usr/share/acme-1/build)
  for path in "${dropped[@]}"; do
    mkdir -p "$R$path"
    echo file | tee "$R${path%/*}/other" >"$R$path/file"
  done
  rm "$R/srv/other"
  mkdir "$R/opt/acme-built"
  echo file >"$R/opt/acme-built/file"
  # A link on the way is not followed.
  mkdir -p "$R/usr/share/kept"
  echo file >"$R/usr/share/kept/file"
  ln -s ../../share/kept "$R/usr/local/share/link"
  mkdir -p "$R/etc/bootc-baseimage/finalize.d"
  { printf 'drop %s\n' "${dropped[@]:0:6}" '/usr/share/acme-?/bui*'
    # The more specific line wins.
    printf '%s\n' 'drop /usr/local/share/link/file' 'drop /opt/*-built' 'keep /opt/acme-built'; } >"$R/etc/bootc-baseimage/finalize.d/image.conf"
  finalized
  for path in "${dropped[@]}"; do
    [ ! -e "$R$path" ] || fail "$path is in the image"
  done
  [ ! -e "$R/usr/lib/sysimage/dkms/acme" ]
  [ -e "$R/opt/acme-built/file" ]
  [ "$(cat "$R"/{etc,opt,usr/local/share,usr/share}/acme/other "$R/usr/lib/sysimage/dkms/other" "$R/usr/share/kept/file" | uniq -c | xargs)" = '6 file' ]
  grep -F 'image.conf:8: "drop /usr/local/share/link/file" matches nothing' "$R.log"
  finalize | tee /dev/stderr | grep '^0 changes'
}

@test "a line that finalize cannot carry out is refused with its file and number, and one that matches nothing is told" {
  use_layer finalized
  local own=$R/etc/bootc-baseimage/finalize.d/image.conf line
  mkdir -p "${own%/*}"
  while read -r line; do
    printf '# a comment\n%s\n' "${line%% => *}" >"$own"
    run finalize
    [ "$status" = 1 ] || fail "$line: status $status, $output"
    grep -F "/etc/bootc-baseimage/finalize.d/image.conf:2: ${line##* => }" <<<"$output" || fail "$line: $output"
  done <<'END'
image /etc/x => "image" is for state
factory /usr/share/x => "factory" is for state
empty /usr/lib/x => "empty" is for state
keep /run/x => "keep" is for state
refuse /boot/x => "refuse" is for state
drop /usr/lib/x => "drop" works below
drop /usr/share => "drop" works below
drop /etc/ => "drop" works below
drop /var/lib/dpkg/info => "drop" works below
drop /usr/share/factory/var/lib/x => "drop" works below
drop /etc/../usr/lib => /etc/../usr/lib has an empty, "." or ".." component
drop x => expected one absolute path
drop => expected one absolute path
drop /etc/a b => expected one absolute path
os-release => expected "os-release KEY=VALUE"
dorp /etc/x => unknown word "dorp"
END
  for line in 'drop /opt/typo' 'factory /var/lib/typo' 'waive /etc/typo.key' 'image /opt/typo'; do
    echo "$line" >"$own"
    finalized
    grep -F "warning: /etc/bootc-baseimage/finalize.d/image.conf:1: \"$line\" matches nothing" "$R.log" || { cat "$R.log" && false; }
  done
  # A package's line may be for what is not always there.
  mkdir -p "$R/usr/lib/bootc-baseimage/finalize.d"
  mv "$own" "$R/usr/lib/bootc-baseimage/finalize.d/"
  finalized
  run ! grep 'matches nothing' "$R.log"
}

@test "a drop line that was carried out is not taken for one that matches nothing" {
  use_layer finalized
  mkdir -p "$R/opt/cache" "$R/etc/bootc-baseimage/finalize.d"
  echo file >"$R/opt/cache/file"
  echo 'drop /opt/cache' >"$R/etc/bootc-baseimage/finalize.d/image.conf"
  finalized
  finalized
  run ! grep 'matches nothing' "$R.log"
}

@test "where apt-ostree's lines say so /opt and /usr/local are the machine's, and what packages put there the image's" {
  use_layer installed
  local variant=apt-ostree-0-integration-opt-usrlocal package
  rm "$R/usr/lib/tmpfiles.d/$variant-compat.conf"
  cp "$SYSTEM_TEST/../../debian-atomic-maven-plugin/src/main/resources/packages/apt-ostree/root/usr/lib/tmpfiles.d/$variant.conf" \
    "$R/usr/lib/tmpfiles.d/"
  finalized
  [ "$(readlink "$R/opt") $(readlink "$R/usr/local")" = 'var/opt ../var/usrlocal' ]

  # The /var of a machine that had the other variant.
  rm -r "$R/var/usrlocal"
  ln -s ../usr/local "$R/var/usrlocal"
  inside systemd-tmpfiles --create --boot --prefix=/var/usrlocal
  [ -d "$R/usr/local/bin/" ]
  [ ! -L "$R/var/usrlocal" ]

  package=$(scratch)/package
  stand_in stand-in-opt "$package" 'a package with content in /opt'
  mkdir -p "$package/opt/program" "$package/opt/both" "$package/var/opt/both" "$package/var/opt/state"
  echo file | tee "$package/opt/program/file" "$package/opt/both/program" "$package/var/opt/both/state" >"$package/var/opt/state/file"
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$(packed stand-in-opt "$package")"
  mkdir "$R/opt/copied"
  echo file >"$R/opt/copied/file"
  run finalize
  [ "$status" != 0 ]
  grep -F '/var/opt/both has programs of packages (/opt/both) and their state' <<<"$output"
  grep -F '/var/opt/copied came through /opt or is state' <<<"$output"
  run ! grep -E '/var/opt/(program|state)' <<<"$output"
  mkdir -p "$R/etc/bootc-baseimage/finalize.d"
  printf '%s\n' 'factory /var/opt/both' 'image /var/opt/copied' >"$R/etc/bootc-baseimage/finalize.d/image.conf"
  finalized
  [ "$(readlink "$R/var/opt/program") $(readlink "$R/var/opt/copied")" = \
    '../../usr/lib/sysimage/opt/program ../../usr/lib/sysimage/opt/copied' ]
  [ "$(cat "$R/opt/program/file" "$R/opt/copied/file" "$R/usr/share/factory/var/opt/state/file")" = $'file\nfile\nfile' ]
  finalize | tee /dev/stderr | grep '^0 changes'
}

@test "what the build host left of its identity and its secrets is not in the image" {
  use_layer installed
  inside sh -ec 'rm -f /etc/machine-id; systemd-machine-id-setup' 2>"$R.log"
  mkdir -p "$R/etc/ssh" "$R/var/lib/dbus" "$R/var/lib/systemd" "$R/var/cache/debconf"
  echo key | tee "$R/etc/ssh/ssh_host_rsa_key" >"$R/etc/ssh/ssh_host_rsa_key.pub"
  echo seed >"$R/var/lib/systemd/random-seed"
  uname -n >"$R/etc/hostname"
  cp "$R/etc/machine-id" "$R/var/lib/dbus/machine-id"
  cp "$R/etc/machine-id" "$(scratch)/id"
  printf 'Name: example/password\nValue: a-secret\n' >"$R/var/cache/debconf/passwords.dat"
  chmod 0600 "$R/var/cache/debconf/passwords.dat"
  finalized
  [ "$(cat "$R/etc/machine-id")" = uninitialized ]
  [ "$(stat -L -c '%s %a' "$R/usr/lib/sysimage/cache/debconf/passwords.dat")" = '0 600' ]
  run ! grep -rlFe a-secret -f "$(scratch)/id" "$R/etc" "$R/var" "$R/usr/share/factory" "$R/usr/lib/sysimage"
  local path
  for path in etc/ssh/ssh_host_rsa_key etc/ssh/ssh_host_rsa_key.pub etc/hostname var/lib/systemd/random-seed var/lib/dbus/machine-id; do
    [ ! -e "$R/$path" ] || fail "/$path is in the image"
  done
}

@test "finalize refuses while somebody holds a lock of dpkg or apt" {
  use_layer installed
  local lock
  for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
    # fcntl(2): the lock is the parent's, so the child meets it.
    run inside perl -MFcntl -e '
      open my $file, ">>", shift or die $!;
      my $lock = pack "s s x4 q q l x4", F_WRLCK, 0, 0, 0, 0;
      fcntl $file, F_SETLK, $lock or die $!;
      exit system(@ARGV) >> 8' "$lock" bootc-baseimage-finalize
    [ "$status" = 3 ] || fail "$lock: status $status, $output"
    grep -F "$lock" <<<"$output"
  done
}

@test "while finalize works, dpkg and apt are locked out" {
  use_layer installed
  # Asked in the middle, which is where dracut is called.
  mv "$R/usr/bin/dracut" "$R/usr/bin/dracut.real"
  printf '%s\n' '#!/bin/sh' 'dpkg --configure -a >>/usr/share/asked 2>&1; echo "dpkg $?" >>/usr/share/asked' \
    'apt-get remove -y less >>/usr/share/asked 2>&1; echo "apt $?" >>/usr/share/asked' 'exec dracut.real "$@"' >"$R/usr/bin/dracut"
  chmod 0755 "$R/usr/bin/dracut"
  finalized
  cat "$R/usr/share/asked"
  grep -x 'dpkg 2' "$R/usr/share/asked"
  grep -x 'apt 100' "$R/usr/share/asked"
  grep -i 'lock' "$R/usr/share/asked"
}
