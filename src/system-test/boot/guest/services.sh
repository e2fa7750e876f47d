# Whether each daemon of the server is active and answers.
# shellcheck shell=bash

# ask PORT [REQUEST]: what a TCP service says first, or answers.
ask() {
  # shellcheck disable=SC2016 # for the inner shell
  timeout 20 bash -c 'exec 9<>"/dev/tcp/127.0.0.1/$1" || exit; [ -z "$2" ] || printf "$2" >&9; head -n 1 <&9' ask "$@"
}

until_there() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    "$@" >/dev/null 2>&1 && break
    sleep 1
  done
  "$@"
}

states() {
  local unit
  for unit in apache2 nginx postfix redis-server "postgresql@$(ls /etc/postgresql)-main" cron chrony rsyslog ssh; do
    echo "$unit $(systemctl is-active "$unit")"
  done
}

fact services states
fact apache2 ask 80 'GET / HTTP/1.0\r\n\r\n'
fact nginx ask 8080 'GET / HTTP/1.0\r\n\r\n'
fact postfix ask 25
fact redis ask 6379 'PING\r\n'
fact ssh ask 22
fact ssh-key ssh-keyscan -t ed25519 127.0.0.1
fact postgresql runuser -u postgres -- psql -tAc 'select 40 + 2'
fact chrony chronyc -n tracking
fact cron until_there test -e /run/cron-works
logger -t system-test 'rsyslog works'
fact rsyslog until_there grep -h 'rsyslog works' /var/log/syslog
fact top-level-links sh -c 'for name in home root srv mnt media opt ostree; do echo "$name $(readlink "/$name")"; done'
