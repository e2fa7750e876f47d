# The verdict: what every boot is asked once nothing is left to be started.
# shellcheck shell=bash

# Of the kernel only errors: what it warns of is the emulated machine, which it finds slow and odd.
warnings() {
  journalctl -b -q -o short-monotonic --no-hostname -p warning -T kernel
  journalctl -b -q -o short-monotonic --no-hostname -p err -t kernel
}

fact state systemctl is-system-running --wait
fact failed systemctl list-units --failed --plain --no-legend
fact ostree-booted test -e /run/ostree-booted
fact deployments ostree admin status
fact warnings warnings
fact jobs systemctl list-jobs --no-legend
# For a person who reads about a failure.
fact journal journalctl -b -o short-monotonic --no-hostname
