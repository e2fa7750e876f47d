# Runs inside the machine, before every step: collects facts and judges nothing, that is for the tests outside.
# shellcheck shell=bash
export LC_ALL=C.UTF-8 HOME=/root

# fact NAME COMMAND...: the command's output and status become one section of the report.
fact() {
  local name=$1 output status=0
  shift
  output=$("$@" 2>&1) || status=$?
  printf '@@ %s %d\n%s\n' "$name" "$status" "$output" >/dev/virtio-ports/report
}

finish() {
  fact finished true
  systemctl poweroff
}
