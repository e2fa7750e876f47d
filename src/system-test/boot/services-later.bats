#!/usr/bin/env bats
# bats file_tags=full
# The server's machines after their first boots.

bats_require_minimum_version 1.5.0
load services.sh

WHAT_IS_CHANGED="/var/log/apache2 700 root:adm
/var/log/nginx 755 alice:adm
/var/lib/redis 770 redis:adm
/var/www/html/index.html 664 root:root"

nothing_came_back() {
  [ "$(fact changed)" = "$WHAT_IS_CHANGED" ] || fail "changed to: $(fact changed)" || return 1
  [ -z "$(fact deleted)" ] || fail "came back: $(fact deleted)" || return 1
  [ "$(fact kept)" = kept ]
}

the_database_lives() {
  local before after
  before=$(VM_LOG="$VM_LOGS/one_first" fact pg-before) after=$(VM_LOG="$VM_LOGS/one_first" fact pg-after)
  # The control of this test: the logs that came with the image are gone from the machine.
  [ "$(comm -12 <(echo "$before") <(echo "$after"))" = '' ] || fail "the database has not recycled its logs" || return 1
  [ "$(comm -12 <(echo "$before") <(fact pg-log))" = '' ] || fail "logs of the image came back" || return 1
  [ "$(fact pg-rows)" = 1003 ] || fail "rows: $(fact pg-rows)"
}

@test "at the second boot every service answers and nothing has come back" {
  live one_again
  vm_verdict
  every_service_answers
  nothing_came_back
}

@test "at the second boot a postgresql that recycled its logs lives on" {
  live one_again
  the_database_lives
}

@test "at the third boot, into an update, nothing has come back either" {
  live one_updated
  every_service_answers
  nothing_came_back
  the_database_lives
}

@test "a number that is taken on the machine makes the unit fail and name both accounts" {
  live one_updated
  [[ $(fact failed) == bootc-baseimage-ids.service* ]]
  [ "$(fact failed | wc -l)" = 1 ]
  fact ids | grep -E 'user state-fixed .*640.*user squatter'
}

@test "an image with baked host keys and machine-id, updated to ours: sshd answers" {
  live by_hand_updated
  vm_verdict
  every_service_answers
  has_host_keys
  [[ $(fact ssh-key) == *ssh-ed25519* ]]
  fact machine-id | grep -Ex '[0-9a-f]{32}'
}

@test "an image with baked host keys and machine-id, updated to ours: the states of units are unchanged" {
  live by_hand_first
  fact unit-files >"$BATS_TEST_TMPDIR/before"
  live by_hand_updated
  # The update is the derived image: its own units are new.
  fact unit-files | grep -vE '^(state-|vsftpd|privoxy|logrotate)' | diff "$BATS_TEST_TMPDIR/before" -
}

@test "the derived image comes up on a new machine too, with nothing of an older one below it" {
  use_layer derived
  empty_var "$R"
  light_boot "$R" "$BATS_TEST_TMPDIR/derived" settled services derived
  [ "$(fact state)" = running ] || fail "failed: $(fact failed)"
  [ "$(fact derived-services | sort -u)" = active ]
  [[ $(fact vsftpd) == 220* ]]
  [[ $(fact privoxy) == HTTP/1.*200* ]]
  [ "$(fact ftp-directory)" = directory ]
  [ "$(fact opt)" = content ]
}
