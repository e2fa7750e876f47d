# What the image gave to this machine, and its administrator does not want.
# shellcheck shell=bash
fact tree-there ls -d /var/lib/apache2/site
rm -r /var/lib/apache2/site
sync
