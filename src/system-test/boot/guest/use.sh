# What its administrator and its services leave on a machine.
# shellcheck shell=bash
echo mine >/etc/system-test/changed
echo mine >/etc/system-test/added
rm /etc/system-test/removed
mkdir -p /var/lib/system-test
echo kept >/var/lib/system-test/kept
sync
mkdir -p /run/updates
fact updates-disk mount -o ro LABEL=updates /run/updates
fact failed-later systemctl list-units --failed --plain --no-legend
