# A server with nine daemons, as an image and as a machine: what the tests of state, users and first boot share.
# shellcheck shell=bash
#
#   use_layer NAME        a throw-away layer, in $R, on one of the shared roots below
#   finalized [OPTION...] bootc-baseimage-finalize in $R, its words in $R.log
#   start_server ROOT     the system in ROOT as in start_machine, with a network of its own and the host's clock safe
#   light_boot ROOT DIRECTORY STEP...   such a machine from start to power off; the steps and facts are those of vm_boot
#
# Shared roots, each a layer on the one before: installed (of packages.sh), server (with the daemons), server-finalized,
# derived (built further from that, and finalized again).

# shellcheck source=packages.sh
. "${BASH_SOURCE[0]%/*}/packages.sh"
# shellcheck source=vm.sh
. "${BASH_SOURCE[0]%/*}/vm.sh"

SERVER_PACKAGES="apache2 postfix redis-server nginx postgresql cron chrony rsyslog openssh-server"

# made_once NAME FUNCTION: FUNCTION runs the first time only, whichever test asks first; and again when the packages
# under test have changed in a work directory that was kept.
made_once() {
  local done="$WORK/roots/$RELEASE-$1.done" log="$WORK/logs/$RELEASE-$1.log"
  mkdir -p "$WORK/roots" "$WORK/logs"
  (
    flock 9
    installed_base >/dev/null
    [ "$done" -nt "$WORK/roots/$RELEASE-installed" ] && exit
    # A shell of its own: errexit is off in whatever || follows.
    bash -ec '. "$0"; "$1"' "$SYSTEM_TEST/lib/services.sh" "$2" >"$log" 2>&1 || { tail -n 25 "$log" >&2 && exit 1; }
    touch "$done"
  ) 9>"$done.lock" || fail "$RELEASE-$1 could not be made; see $log"
}

# What stack_root takes for each shared root: the uppermost layer first.
layers() {
  local base="$WORK/roots/$RELEASE"
  case $1 in
    installed) installed_base ;;
    server) made_once services make_server && echo "$base-services/upper:$(layers installed)" ;;
    server-finalized) made_once services-finalized make_server_finalized && echo "$base-services-finalized/upper:$(layers server)" ;;
    derived) made_once services-derived make_derived && echo "$base-services-derived/upper:$(layers server-finalized)" ;;
    *) fail "no shared root $1" ;;
  esac
}

# build_layer BASE NAME FUNCTION: FUNCTION in a layer on BASE; what it changed becomes a layer that others stack on.
build_layer() {
  local lower directory="$WORK/roots/$RELEASE-$2" R
  lower=$(layers "$1") || return 1
  rm -rf --one-file-system "$directory"
  stack_root "$lower" "$directory" || return 1
  R="$directory/root"
  "$3"
  umount "$directory/root"
}

make_server() { build_layer installed services install_server; }
make_server_finalized() { build_layer server services-finalized finalize_server; }
make_derived() { build_layer server-finalized services-derived derive_server; }

install_server() {
  # Nothing runs while an image is built: what a daemon writes then would be in every machine.
  printf '#!/bin/sh\nexit 101\n' >"$R/usr/sbin/policy-rc.d"
  chmod 0755 "$R/usr/sbin/policy-rc.d"
  # shellcheck disable=SC2086 # a list
  inside apt-get install -y --no-install-recommends $SERVER_PACKAGES
  rm "$R/usr/sbin/policy-rc.d"
  # Two web servers.
  sed -i -E 's/^([[:space:]]*listen .*)\b80\b/\18080/' "$R/etc/nginx/sites-available/default"
  # The build host's private key, as ssl-cert made it, is no image's: postgresql does without.
  rm "$R/etc/ssl/private/ssl-cert-snakeoil.key"
  sed -i 's/^ssl = on/ssl = off/' "$R"/etc/postgresql/*/main/postgresql.conf
  # A job that tells that cron works without a minute's wait.
  echo '@reboot root touch /run/cron-works' >"$R/etc/cron.d/system-test"
  echo A >"$R/usr/lib/system-test-release"
}

finalize_server() { inside bootc-baseimage-finalize --verbose; }

# What a Containerfile FROM the server's image may do: daemons configured by debconf (vsftpd) and ucf (privoxy), accounts
# of three kinds, content in /opt, and packages that own what has become a link.
derive_server() {
  local kernel
  printf '%s\n' 'vsftpd vsftpd/directory string /srv/files' | inside debconf-set-selections
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
  echo B >"$R/usr/lib/system-test-release"
  inside bootc-baseimage-finalize --verbose
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

# As new_root of packages.sh, on a shared root of this file. Removed by clean_test.
use_layer() {
  local lower directory
  lower=$(layers "$1") || return 1
  directory="$(scratch)/$1${2:+-$2}"
  stack_root "$lower" "$directory" || return 1
  R="$directory/root"
}

finalized() { inside bootc-baseimage-finalize "$@" >"$R.log" 2>&1; }

# What a deployment's first boot finds in /var. Never the machine's own.
empty_var() { find "${1:?}/var" -mindepth 1 -delete; }

start_server() {
  local log="${1:?}.console" left=200
  MACHINE_DEPLOYED=yes unshare --mount --propagation private --pid --fork --kill-child --uts --ipc --cgroup --net \
    setpriv --bounding-set -sys_time --inh-caps -sys_time \
    sh -ec 'ip link set lo up; exec "$@"' server "$SYSTEM_TEST/lib/enter-machine" "$1" >"$log" 2>&1 3>&- </dev/null &
  MACHINE_PARENT=$!
  while [ $((left -= 1)) -gt 0 ]; do
    sleep 0.1
    MACHINE=$(pgrep -P "$MACHINE_PARENT" || true)
    [ -n "$MACHINE" ] && [ "$(cat "/proc/$MACHINE/comm" 2>/dev/null)" = systemd ] &&
      in_machine systemctl list-jobs >/dev/null 2>&1 && return
  done
  tail -n 20 "$log" >&2
  fail "systemd did not start in $1"
}

light_boot() {
  local root=${1:?} step
  export VM_LOG="$2"
  shift 2
  rm -rf "$VM_LOG"
  mkdir -p "$VM_LOG/facts"
  {
    # A file is the emulated machine's port.
    sed 's#>/dev/virtio-ports/report#>>/run/report#' "$SYSTEM_TEST/boot/guest/base.sh"
    for step in "$@"; do cat "$SYSTEM_TEST/boot/guest/$step.sh"; done
    echo fact finished true
  } >"$VM_LOG/probe"
  start_server "$root" || return 1
  in_machine timeout 300 bash -s <"$VM_LOG/probe" >"$VM_LOG/probe.log" 2>&1 3>&- || true
  in_machine cat /run/report >"$VM_LOG/report"
  in_machine systemctl poweroff 2>/dev/null || true
  # Its process 1 ends by itself when everything is stopped; the rest would hang for ever.
  timeout 90 tail --pid="$MACHINE_PARENT" -f /dev/null || true
  stop_machine
  vm_split_report
}

# Every file of an image with kind, mode, owner, link and content, but for locks and what is mounted.
image_tree() {
  (
    cd "$1" || exit
    set -- ./proc ./sys ./dev ./run ./var/cache/apt/archives ./etc/.pwd.lock '*/lock' '*/lock-frontend'
    local path prune=()
    for path; do prune+=(-path "$path" -o); done
    prune=(\( "${prune[@]}" -false \) -prune -o)
    find . -xdev "${prune[@]}" -printf '%p %y %m %U:%G %l\n'
    find . -xdev "${prune[@]}" -type f -print0 | xargs -0 sha256sum --tag
  ) | LC_ALL=C sort
}
