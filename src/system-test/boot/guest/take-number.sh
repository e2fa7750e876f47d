# The number that the next image gives to state-fixed.
# shellcheck shell=bash
fact number-taken useradd --system --uid 640 --gid users squatter
sync
