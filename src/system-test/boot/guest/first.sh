# A machine that nobody has used yet.
# shellcheck shell=bash
writable() {
  local directory
  for directory in /usr /etc /var /sysroot; do
    if touch "$directory/probe" 2>/dev/null; then
      rm "$directory/probe"
      echo "$directory writable"
    else
      echo "$directory read-only"
    fi
  done
}

grow_again() {
  sfdisk --dump /dev/vda >/run/before
  systemctl restart bootc-generic-growpart.service || return
  sfdisk --dump /dev/vda | cmp /run/before -
}

fact writable writable
fact dpkg dpkg-query -W -f '${Package} ${db:Status-Status}\n' bootc bootc-dracut bootc-baseimage apt-ostree
fact grow-again grow_again
fact growth-again journalctl -b -o cat -u bootc-generic-growpart.service
fact shadow-again systemctl restart apt-ostree-fix-shadow-mode.service
fact shadow-repairs-again journalctl -b -o cat -u apt-ostree-fix-shadow-mode.service
fact initrd-unit journalctl -b -o cat -u bootc-root-setup.service
fact daemon-before systemctl is-active apt-ostreed.service
fact bus-call busctl call org.debian.aptostree1 /org/debian/aptostree1 org.debian.aptostree1 Status
fact daemon-after systemctl is-active apt-ostreed.service
fact bus-owner busctl status org.debian.aptostree1
fact bus-steal runuser -u nobody -- busctl call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus \
  RequestName su org.debian.aptostree1 4
