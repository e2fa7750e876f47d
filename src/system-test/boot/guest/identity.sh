# Who this machine is, and whether it was its first boot.
# shellcheck shell=bash
fact machine-id cat /etc/machine-id
fact host-keys sh -c 'cat /etc/ssh/ssh_host_*_key.pub | cut -d " " -f 1,2'
fact host-key-modes stat -c '%n %a %U:%G' /etc/ssh/ssh_host_ed25519_key
fact first-boot systemctl show -P ConditionResult systemd-firstboot.service
