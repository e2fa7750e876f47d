# Without bootc the timer's service is skipped, and the update is OSTree's alone.
# shellcheck shell=bash
fact service-started systemctl start bootc-fetch-apply-updates.service
fact service-condition systemctl show -p ConditionResult,Result bootc-fetch-apply-updates.service
fact upgrade ostree admin upgrade --stage
fact restarting systemctl reboot
sleep infinity
