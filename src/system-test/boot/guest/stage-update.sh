# Announces each step, so that the power can be cut in the middle of it.
# shellcheck shell=bash
mkdir -p /run/updates
mount -o ro LABEL=updates /run/updates
fact fetching true
fact upgrade ostree admin upgrade --stage
fact staged test -e /run/ostree/staged-deployment
