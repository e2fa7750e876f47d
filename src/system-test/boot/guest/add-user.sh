# From now on /etc/passwd is this machine's own: no later image replaces it.
# shellcheck shell=bash
fact user-added useradd --create-home alice
sync
