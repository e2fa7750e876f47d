# The state of every unit file.
# shellcheck shell=bash
fact unit-files sh -c 'systemctl list-unit-files --no-legend --no-pager --plain | awk "{ print \$1, \$2 }" | sort'
