# What is left of what use.sh did.
# shellcheck shell=bash
fact etc sh -c 'cd /etc/system-test && grep . *'
fact var cat /var/lib/system-test/kept
fact timer-enabled systemctl is-enabled bootc-fetch-apply-updates.timer
fact calls cat /var/log/stand-ins
