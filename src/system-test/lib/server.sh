# A server with nine daemons, made into an image, and an image derived from that: how the shared roots of layers.sh come
# to be.
# shellcheck shell=bash

# shellcheck source=image.sh
. "${BASH_SOURCE[0]%/*}/image.sh"

# The client, which forky's server no longer brings, asks for the server's key.
SERVER_PACKAGES="apache2 postfix redis-server nginx postgresql cron chrony rsyslog openssh-server openssh-client"

make_server() {
  # Nothing runs while an image is built: what a daemon writes then would be in every machine.
  printf '#!/bin/sh\nexit 101\n' >"$R/usr/sbin/policy-rc.d"
  chmod 0755 "$R/usr/sbin/policy-rc.d"
  # shellcheck disable=SC2086 # a list
  inside apt-get install -y --no-install-recommends $SERVER_PACKAGES
  rm "$R/usr/sbin/policy-rc.d"
  # Two web servers.
  sed -i -E 's/^([[:space:]]*listen .*)\b80\b/\18080/' "$R/etc/nginx/sites-available/default"
  # Postfix's installation writes the name of the build host; without the line it asks the machine.
  sed -i '/^myhostname/d' "$R/etc/postfix/main.cf"
  # A job that tells that cron works without a minute's wait.
  echo '@reboot root touch /run/cron-works' >"$R/etc/cron.d/system-test"
  echo A >"$R/usr/lib/system-test-release"
}

make_server_finalized() { finalize --verbose; }

# What a Containerfile FROM the server's image may do: daemons configured by debconf (vsftpd) and ucf (privoxy), accounts
# of three kinds, content in /opt, and packages that own what has become a link.
make_derived() {
  local kernel
  printf '%s\n' 'vsftpd vsftpd/directory string /srv/files' | inside debconf-set-selections
  # From forky on it makes the directory for another account than its own only.
  [ "$RELEASE" = trixie ] || printf '%s\n' 'vsftpd vsftpd/username string files' | inside debconf-set-selections
  ENTER_ROOT_NETWORK=yes inside apt-get -o Acquire::Check-Valid-Until=false update
  ENTER_ROOT_NETWORK=yes inside apt-get install -y --no-install-recommends vsftpd privoxy
  kernel=linux-image-$(ls "$R/usr/lib/modules")
  ENTER_ROOT_NETWORK=yes inside apt-get install -y --reinstall base-files "$kernel"
  mkdir -p "$WORK/tmp/derived-debs"
  account_deb state-adduser "$WORK/tmp/derived-debs"
  account_deb state-fixed "$WORK/tmp/derived-debs" 640
  account_deb state-dynamic "$WORK/tmp/derived-debs" -
  opt_deb "$WORK/tmp/derived-debs"
  ENTER_ROOT_BIND="$WORK/tmp/derived-debs" inside sh -ec 'dpkg -i "$1"/*.deb' dpkg "$WORK/tmp/derived-debs"
  # A new version's state beside the one that machines have.
  mkdir -p "$R/var/lib/postgresql/99/main"
  echo 99 >"$R/var/lib/postgresql/99/main/PG_VERSION"
  chown -R --reference="$R/var/lib/postgresql" "$R/var/lib/postgresql/99"
  chmod -R go= "$R/var/lib/postgresql/99/main"
  echo B >"$R/usr/lib/system-test-release"
  finalize --verbose
}

# account_deb NAME DIRECTORY [NUMBER]: a package with an account, a service that runs as it, and a directory of its own
# with a file. Without a number the account is made by adduser in postinst, otherwise by a sysusers.d line with it.
account_deb() {
  local name=$1 tree="$WORK/tmp/$1" number=${3:-}
  rm -rf "$tree"
  mkdir -p "$tree/DEBIAN" "$tree/usr/lib/systemd/system" "$tree/usr/lib/sysusers.d"
  printf '%s\n' "Package: $name" 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@localhost>' \
    'Depends: adduser, systemd' "Description: an account, a service and its state" >"$tree/DEBIAN/control"
  printf '%s\n' '[Service]' "User=$name" 'ExecStart=/usr/bin/sleep infinity' '[Install]' 'WantedBy=multi-user.target' \
    >"$tree/usr/lib/systemd/system/$name.service"
  {
    printf '%s\n' '#!/bin/sh' 'set -e'
    if [ "$number" ]; then
      printf 'u %s %s\n' "$name" "$number" >"$tree/usr/lib/sysusers.d/$name.conf"
      echo "systemd-sysusers $name.conf"
    else
      echo "adduser --quiet --system --group --no-create-home $name"
    fi
    echo "install -d -m 0750 -o $name -g $name /var/lib/$name"
    echo "echo state >/var/lib/$name/file && chown $name:$name /var/lib/$name/file"
    echo "deb-systemd-helper enable $name.service >/dev/null"
  } >"$tree/DEBIAN/postinst"
  chmod 0755 "$tree/DEBIAN/postinst"
  dpkg-deb -b --root-owner-group -Zgzip -z1 "$tree" "$2/$name.deb" >/dev/null
  rm -rf "$tree"
}

opt_deb() {
  local tree="$WORK/tmp/state-opt"
  rm -rf "$tree"
  mkdir -p "$tree/DEBIAN" "$tree/opt/state-opt"
  printf '%s\n' 'Package: state-opt' 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@localhost>' \
    'Description: content below /opt' >"$tree/DEBIAN/control"
  echo content >"$tree/opt/state-opt/file"
  dpkg-deb -b --root-owner-group -Zgzip -z1 "$tree" "$1/state-opt.deb" >/dev/null
  rm -rf "$tree"
}
