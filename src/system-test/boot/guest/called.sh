# How the stand-ins were called, and what the units made of it.
# shellcheck shell=bash
status_changes() {
  unshare --mount sh -ec 'mount -o remount,rw /sysroot; mkdir -p /sysroot/ostree/bootc; touch /sysroot/ostree/bootc'
  # What watches is woken by the kernel, not by this script: give it a moment.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    journalctl -b -o cat -u bootc-status-updated.target | grep -i reached && return
    sleep 1
  done
  return 1
}

fact bootstatus journalctl -b -o cat -u apt-ostree-bootstatus.service
fact status-changes status_changes
fact calls cat /var/log/stand-ins
fact early-calls sh -c 'dmesg | grep -o "stand-in: .*"'
