# Says when the partition has grown, which is before its file system has; unlike the other steps it does not wait for
# the machine to come up.
# shellcheck shell=bash
size=$(cat /sys/class/block/vda2/size)
while [ "$(cat /sys/class/block/vda2/size)" = "$size" ]; do sleep 0.05; done
fact growing true
sleep infinity
