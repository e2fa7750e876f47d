# The timer as its owner enables it, brought near. The machine restarts by itself; if it cannot, these are its
# last words.
# shellcheck shell=bash
mkdir -p /run/systemd/system/bootc-fetch-apply-updates.timer.d
printf '%s\n' '[Timer]' OnBootSec= OnActiveSec=1s RandomizedDelaySec=0 AccuracySec=1s \
  >/run/systemd/system/bootc-fetch-apply-updates.timer.d/near.conf
fact timer-enabled systemctl enable bootc-fetch-apply-updates.timer
systemctl daemon-reload
fact timer-started systemctl start bootc-fetch-apply-updates.timer
while ! systemctl --quiet is-failed bootc-fetch-apply-updates.service; do sleep 5; done
fact update-log journalctl -b -o cat -u bootc-fetch-apply-updates.service
