#!/usr/bin/env bats
# Logs: none of the build's content, and each file as its package made it.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

@test "a log file comes to the machine empty, with owner and mode; rotated logs do not come" {
  use_layer finalized
  quick_dracut
  local log=$R/var/log/service path
  mkdir "$log"
  for path in main.log main.log.1 main.log.2.gz main.log.old main.log-20250102 main.log-20250103.xz; do echo entry >"$log/$path"; done
  chown 33:4 "$log/main.log"
  chmod 0640 "$log/main.log"
  finalized
  # The build can go on with it.
  [ "$(ls "$log")" = main.log ]
  [ ! -s "$log/main.log" ]
  finalize | grep '^0 changes'
  check_image
  check_names var-log ok
  empty_var "$R"
  inside systemd-tmpfiles --create --boot --prefix=/var >"$R.tmpfiles" 2>&1 || true
  [ "$(ls "$log")" = main.log ]
  [ "$(stat -c '%s %a %u:%g' "$log/main.log")" = '0 640 33:4' ]
}

# bats test_tags=full
@test "acct and logrotate work in an image whose packages wrote logs when they were installed" {
  use_layer finalized
  quick_dracut
  # Debian's own snippets nearly all have missingok; this one is as an author may write it.
  mkdir -p "$R/etc/logrotate.d"
  printf '%s\n' '/var/log/strict.log {' '  weekly' '  create 0640 root adm' '}' >"$R/etc/logrotate.d/strict"
  install -m 0640 -g adm /dev/null "$R/var/log/strict.log"
  ENTER_ROOT_NETWORK=yes inside sh -c 'apt-get -o Acquire::Check-Valid-Until=false update && apt-get install -y --no-install-recommends acct logrotate' \
    >"$R.log" 2>&1 || { tail "$R.log" && false; }
  finalized
  empty_var "$R"
  start_machine "$R"
  [ "$(in_machine systemctl is-active acct)" = active ]
  in_machine systemctl start logrotate.service
  [ "$(in_machine stat -c '%a %U:%G' /var/log/strict.log /var/log/account/pacct)" = $'640 root:adm\n640 root:adm' ]
  [ -s "$R/var/log/account/pacct" ]
}
