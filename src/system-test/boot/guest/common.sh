# What every boot is asked.
# shellcheck shell=bash
fact cmdline cat /proc/cmdline
fact release cat /usr/lib/system-test-release
fact deployments ostree admin status
fact root findmnt -no FSTYPE,OPTIONS /
# shellcheck disable=SC2046 # one word per unit
fact units systemctl show -p Id,LoadState,ActiveState,Result,UnitFileState,UnitFilePreset,ConditionResult \
  $(cd /usr/lib/systemd/system && ls bootc-*.{service,timer,path,target} apt-ostree*.{service,timer})
fact growth journalctl -b -o cat -u bootc-generic-growpart.service
fact disk-size lsblk -bdno SIZE /dev/vda
fact partition-size lsblk -bdno SIZE /dev/vda2
fact file-system-size findmnt -bno SIZE /sysroot
fact shadow-repairs journalctl -b -o cat -u apt-ostree-fix-shadow-mode.service
fact shadow-modes stat -c '%n %a %U:%G' /etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow-
