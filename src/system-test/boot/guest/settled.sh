# The verdict: what every boot is asked once nothing is left to be started.
# shellcheck shell=bash
fact state systemctl is-system-running --wait
fact failed systemctl list-units --failed --plain --no-legend
fact ostree-booted test -e /run/ostree-booted
fact deployments ostree admin status
fact warnings journalctl -b -p warning -o short-monotonic --no-hostname
fact jobs systemctl list-jobs --no-legend
# For a person who reads about a failure.
fact journal journalctl -b -o short-monotonic --no-hostname
