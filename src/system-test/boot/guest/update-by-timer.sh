# The timer as its owner enables it, brought near. The machine restarts by itself: the rest is its last words if not.
# shellcheck shell=bash
mkdir -p /run/systemd/system/bootc-fetch-apply-updates.timer.d
printf '%s\n' '[Timer]' OnBootSec= OnActiveSec=1s RandomizedDelaySec=0 AccuracySec=1s \
  >/run/systemd/system/bootc-fetch-apply-updates.timer.d/near.conf
fact timer-enabled systemctl enable bootc-fetch-apply-updates.timer
systemctl daemon-reload
fact timer-started systemctl start bootc-fetch-apply-updates.timer
sleep 200
fact update-log journalctl -b -o cat -u bootc-fetch-apply-updates.service
