# Whether what delete-tree.sh deleted is back.
# shellcheck shell=bash
fact deleted-tree sh -c 'ls -d /var/lib/apache2/site 2>/dev/null; true'
fact seeded cat /var/lib/bootc-baseimage/seeded
