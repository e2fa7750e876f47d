#!/usr/bin/env bats
# A server's packages in an image: with what finalize makes of /var each service runs as where it was installed. The
# deployment is played by a read-only /usr and an empty /var under a real systemd; the suite boot has real ones.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

SERVER_PACKAGES=(apache2 nginx-light postfix redis-server postgresql cron rsyslog openssh-server)
# Unit and port; 0: it has none.
SERVICES=(apache2:80 nginx:8080 postfix:25 redis-server:6379 postgresql@*:5432 cron:0 rsyslog:0 ssh:22)

# server_root: a layer on the installed root with the server's packages, which are installed once per release.
server_root() {
  local base="$WORK/roots/$RELEASE-server" directory
  (
    flock 9
    [ -d "$base/root" ] || make_server_root "$base"
  ) 9>"$base.lock"
  directory=$(scratch)/server
  stack_root "$base/root" "$directory"
  R=$directory/root
}

make_server_root() {
  installed_root
  printf 'postfix postfix/main_mailer_type select Local only\npostfix postfix/mailname string localhost\n' |
    inside debconf-set-selections
  # nginx first meets port 80 taken by nobody: nothing is started in a chroot.
  derived apt-get install -y --no-install-recommends "${SERVER_PACKAGES[@]}" >"$WORK/logs/server-$RELEASE.log" 2>&1 || {
    tail -n 20 "$WORK/logs/server-$RELEASE.log" >&2
    return 1
  }
  sed -i 's/listen \(.*\)80 default_server/listen \18080 default_server/' "$R/etc/nginx/sites-available/default"
  # The key that ssl-cert made would be every machine's: finalize insists on an answer, and this is one.
  rm -f "$R"/etc/ssl/private/ssl-cert-snakeoil.key "$R"/etc/ssl/certs/ssl-cert-snakeoil.pem
  sed -i 's/^ssl = on/ssl = off/' "$R"/etc/postgresql/*/main/postgresql.conf
  keep_copy "$R" "$1"
}

# server_image: the same, finalized, once per release.
server_image() {
  local base="$WORK/roots/$RELEASE-server-image" directory
  (
    flock 9
    [ -d "$base/root" ] || make_server_image "$base"
  ) 9>"$base.lock"
  directory=$(scratch)/${1:-server-image}
  stack_root "$base/root" "$directory"
  R=$directory/root
}

make_server_image() {
  server_root
  finalize >"$WORK/logs/server-image-$RELEASE.log" 2>&1 || {
    tail -n 30 "$WORK/logs/server-image-$RELEASE.log" >&2
    return 1
  }
  keep_copy "$R" "$1"
}

empty_var() { find "$R/var" -mindepth 1 -delete; }

# Services that are not active or do not answer, by name.
silent_services() {
  local service unit port
  for service in "${SERVICES[@]}"; do
    unit=${service%:*} port=${service#*:}
    [ -n "$(in_machine systemctl list-units --plain --no-legend --state=active "$unit.service")" ] || echo "$unit is not active"
    [ "$port" = 0 ] || in_machine bash -c "for i in 1 2 3 4 5; do (: </dev/tcp/127.0.0.1/$port) 2>/dev/null && exit; sleep 1; done; exit 1" ||
      echo "$unit does not answer on port $port"
  done
}

@test "each service of a server image is active and answers on its port at the first boot with an empty /var" {
  server_image
  empty_var
  start_deployed "$R"
  in_machine systemctl list-units --failed --plain --no-legend >&2
  [ "$MACHINE_STATE" = running ]
  [ -z "$(silent_services | tee /dev/stderr)" ]
}

@test "the control: the same server with /var merely emptied does not come up" {
  server_root
  empty_var
  start_deployed "$R"
  [ "$MACHINE_STATE" = degraded ]
  silent_services >"$R.silent"
  grep -E 'apache2|nginx|postfix|redis' "$R.silent"
}

@test "two machines of one image have other machine-ids and host keys, and keep them over a reboot" {
  server_image
  run ! grep -rlE -- '-----BEGIN .*PRIVATE KEY-----' "$R/etc" "$R/var" "$R/usr/share/factory" "$R/usr/lib/sysimage"
  local machine again
  for machine in one two; do
    server_image "$machine"
    empty_var
    for again in '' .again; do
      start_deployed "$R"
      in_machine sh -c 'cat /etc/machine-id /etc/ssh/ssh_host_*_key.pub' >"$(scratch)/$machine.id$again"
      stop_machine
    done
    grep -E '^[0-9a-f]{32}$' "$(scratch)/$machine.id"
    cmp "$(scratch)/$machine.id" "$(scratch)/$machine.id.again"
  done
  run ! grep -xF -f "$(scratch)/one.id" "$(scratch)/two.id"
}

@test "over three boots nothing comes back that was deleted, chowned or chmoded in /var" {
  server_image
  empty_var
  start_deployed "$R"
  in_machine sh -ec '
    systemctl stop apache2 postgresql
    chmod 0711 /var/log/apache2; chown www-data /var/log/redis
    find /var/lib/apache2 -type f | sort | head -n 1 | tee /root/deleted | xargs rm
    su postgres -c "touch /var/lib/postgresql/administrator"
    rm -f /var/lib/postgresql/*/main/postmaster.opts'
  stop_machine
  local again
  for again in 1 2; do
    start_deployed "$R"
    [ -z "$(in_machine systemctl list-units --failed --plain --no-legend postgresql*)" ]
    [ "$(stat -c %a "$R/var/log/apache2")" = 711 ]
    # www-data has the same number on every Debian.
    [ "$(stat -c %u "$R/var/log/redis")" = 33 ]
    [ ! -e "$R$(cat "$R/var/roothome/deleted")" ]
    [ -e "$R/var/lib/postgresql/administrator" ]
    stop_machine
  done
}

@test "all of /etc/systemd is the same before the first boot, after it, and after preset-all in each mode" {
  server_image
  empty_var
  links() { (cd "$R/etc/systemd" && find . -printf '%p %y %l\n' | sort); }
  links >"$R.before"
  start_deployed "$R"
  links | diff "$R.before" - || fail "the first boot changed /etc/systemd"
  local mode
  for mode in full enable-only disable-only; do
    in_machine systemctl preset-all --preset-mode=$mode
    links | diff "$R.before" - || fail "preset-all --preset-mode=$mode changed /etc/systemd"
  done
}

@test "a derived build adds daemons, a deb with /opt, base-files and a kernel: links stay links and all services run" {
  server_image
  local package kernel
  package=$(scratch)/acme
  mkdir -p "$package/DEBIAN" "$package/opt/acme"
  printf '%s\n' 'Package: stand-in-acme' 'Version: 1' 'Architecture: all' 'Maintainer: System Test <test@localhost>' \
    'Description: stand-in for a package with files in /opt' >"$package/DEBIAN/control"
  echo acme >"$package/opt/acme/file"
  kernel=$(basename "$R"/usr/lib/modules/*)
  derived apt-get update >"$R.log" 2>&1
  derived apt-get install -y --no-install-recommends memcached lighttpd >>"$R.log" 2>&1 || { tail -n 20 "$R.log" && false; }
  sed -i 's/^server.port .*/server.port = 8081/' "$R/etc/lighttpd/lighttpd.conf"
  ENTER_ROOT_BIND=$(scratch) derived dpkg -i "$(packed stand-in-acme "$package")" >>"$R.log" 2>&1
  derived apt-get install -y --reinstall base-files "linux-image-$kernel" >>"$R.log" 2>&1 || { tail -n 20 "$R.log" && false; }
  finalize >>"$R.log" 2>&1 || { tail -n 20 "$R.log" && false; }
  local link
  for link in home root srv mnt media ostree; do [ -L "$R/$link" ] || fail "/$link is no link"; done
  empty_var
  start_deployed "$R"
  in_machine systemctl list-units --failed --plain --no-legend >&2
  [ "$MACHINE_STATE" = running ]
  SERVICES+=(memcached:11211 lighttpd:8081)
  [ -z "$(silent_services | tee /dev/stderr)" ]
  in_machine cat /opt/acme/file | grep -x acme
}
