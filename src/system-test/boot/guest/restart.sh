# shellcheck shell=bash
fact restarting systemctl reboot
sleep infinity
