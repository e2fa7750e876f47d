# The state of every unit file, and the generation of what decides it.
# shellcheck shell=bash
fact unit-files sh -c 'systemctl list-unit-files --no-legend --no-pager --plain | awk "{ print \$1, \$2 }" | sort'
