# What a machine said about itself: its report, written by the steps of boot/guest, in parts.
# shellcheck shell=bash
#
#   split_report          makes facts of $VM_LOG/report
#   fact NAME             what was reported under NAME
#   fact_status NAME      the exit status of the command that said it

# The report is a row of "@@ NAME STATUS" lines, each followed by what the command said.
split_report() {
  awk -v facts="$VM_LOG/facts" '
    /^@@ [a-z0-9-]+ [0-9]+$/ { file = facts "/" $2; print $3 > (file ".status"); printf "" > file; next }
    file { print > file }' "$VM_LOG/report"
}

fact() {
  [ -e "$VM_LOG/facts/$1" ] || fail "$VM_LOG: the machine did not report '$1'" || return 1
  cat "$VM_LOG/facts/$1"
}

fact_status() { cat "$VM_LOG/facts/$1.status"; }

# probe_script STEP...: what a machine runs, from the first fact to the last.
probe_script() {
  local step
  for step in base "$@"; do cat "$SYSTEM_TEST/boot/guest/$step.sh"; done
}
