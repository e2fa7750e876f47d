# shellcheck shell=bash
fact set-default ostree admin set-default 1
fact restarting systemctl reboot
sleep infinity
