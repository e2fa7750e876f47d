#!/bin/sh
# Makes the ELF files beside it: small real programs of two architectures, dynamic and static, and one for the kernel.
# Needs gcc, gcc-aarch64-linux-gnu and clang with the bpf target from Debian; run it only to change them.
set -eu
cd "$(dirname "$0")"
source=$(mktemp --suffix=.c)
trap 'rm -f "$source"' EXIT
echo 'int main(void) { return 0; } void _start(void) { main(); for (;;); }' >"$source"
for machine in x86_64 aarch64; do
    cc=$machine-linux-gnu-gcc
    common='-Os -nostdlib -nostartfiles -Wl,--build-id=none -Wl,-z,noseparate-code -Wl,-z,max-page-size=4096'
    # shellcheck disable=SC2086 # several options
    $cc $common -fPIE -pie -s -Wl,-z,now -Wl,--no-as-needed -o "$machine-dynamic" "$source" -lc
    # shellcheck disable=SC2086
    $cc $common -fno-pie -no-pie -static -o "$machine-static" "$source"
done
echo 'int program(void *context) { return 0; }' >"$source"
clang -O2 -target bpf -c -o bpf "$source"
