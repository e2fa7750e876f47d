#!/usr/bin/env bats
# What an image's machine does at its boot without a console, and where OSTree has mounted its own /boot.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

@test "the first boot asks nothing and needs no console" {
  use_layer finalized
  empty_var "$R"
  start_machine "$R"
  in_machine systemctl show -p ConditionResult,Result,ExecMainStatus systemd-firstboot.service | tee "$R.firstboot"
  diff - "$R.firstboot" <<<$'Result=success\nExecMainStatus=0\nConditionResult=yes'
  [ -z "$(in_machine systemctl list-units --failed --plain --no-legend)" ]
}

@test "the automount of the ESP that systemd generates does not fail where /boot is mounted already" {
  use_layer finalized
  start_machine "$R"
  # As systemd-gpt-auto-generator writes them.
  in_machine sh -ec '
    mount -t tmpfs boot /boot
    mkdir -p /run/systemd/generator.late
    printf "%s\n" "[Unit]" "Description=EFI System Partition Automount" "[Automount]" "Where=/boot" "TimeoutIdleSec=120s" \
      >/run/systemd/system/boot.automount
    printf "%s\n" "[Mount]" "What=/dev/null" "Where=/boot" >/run/systemd/system/boot.mount
    systemctl daemon-reload
    systemctl start boot.automount'
  [ "$(in_machine systemctl show -P ActiveState boot.automount)" = inactive ]
  [ "$(in_machine systemctl show -P ConditionResult boot.automount)" = no ]
}
