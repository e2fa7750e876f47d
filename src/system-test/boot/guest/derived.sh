# What the derived image brought: two daemons, /opt, and accounts of three kinds.
# shellcheck shell=bash
# The image's own numbers are in its default of /etc.
accounts() {
  local name
  for name in state-adduser state-fixed state-dynamic; do
    echo "$name $(systemctl is-active "$name") image $(grep "^$name:" /usr/etc/passwd | cut -d : -f 3)" \
      "runs $(stat -c %u "/proc/$(systemctl show -P MainPID "$name")")" \
      "owns $(stat -c %u "/var/lib/$name/file")"
  done
}

fact derived-services systemctl is-active vsftpd privoxy
fact vsftpd ask 21
fact privoxy ask 8118 'GET http://config.privoxy.org/ HTTP/1.0\r\n\r\n'
fact ftp-directory stat -c %F /srv/files
fact opt cat /opt/state-opt/file
fact new-version stat -c '%n %a %U' /var/lib/postgresql/99/main /var/lib/postgresql/99/main/PG_VERSION
fact accounts accounts
fact alice id alice
fact ids journalctl -b -o cat -u bootc-baseimage-ids.service
fact passwd getent passwd
