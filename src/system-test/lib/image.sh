# Roots that bootc-baseimage-finalize has made into images, and what is asked of them. Loaded by the bats files.
# shellcheck shell=bash

# shellcheck source=packages.sh
. "${BASH_SOURCE[0]%/*}/packages.sh"

finalize() { inside bootc-baseimage-finalize "$@"; }

# The same, its words in $R.log.
finalized() {
  finalize "$@" >"$R.log" 2>&1 || {
    tail -n 20 "$R.log" >&2
    fail "bootc-baseimage-finalize failed"
  }
}

make_finalized() { finalize --verbose; }

# quick_dracut [SECONDS]: a stand-in for dracut, which takes most of finalize's time, with the initramfs that $R has.
quick_dracut() {
  printf '%s\n' '#!/bin/sh' 'for file; do :; done' "sleep ${1:-0}" 'cp /usr/share/quick-initramfs "$file"' >"$R/usr/bin/dracut"
  cp "$R"/usr/lib/modules/*/initramfs.img "$R/usr/share/quick-initramfs" 2>/dev/null ||
    cp "$R"/boot/initrd.img-* "$R/usr/share/quick-initramfs"
}

# refused_unchanged STATUS: finalize ends with this status, its words in $output, and changes nothing.
# shellcheck disable=SC2154 # bats sets them
refused_unchanged() {
  image_tree "$R" >"$R.before"
  run finalize
  image_tree "$R" >"$R.after"
  [ "$status" = "$1" ] || fail "status $status, expected $1: $output" || return 1
  same_tree "$R.before" "$R.after" "finalize changed something, although it failed"
}

# What a deployment's first boot finds in /var. Never the machine's own.
empty_var() { find "${1:?}/var" -mindepth 1 -delete; }

# Every file of an image, but for locks and what is mounted.
image_tree() { listing "$1" ./proc ./sys ./dev ./run ./var/cache/apt/archives ./etc/.pwd.lock '*/lock' '*/lock-frontend'; }

# check_image [OPTION...]: --check on $R, its lines in $R.check; fails when it does.
check_image() {
  local status=0
  finalize --check "$@" >"$R.check" 2>&1 || status=$?
  return "$status"
}

# check_names RULE WORD [PATTERN]: the rule has this result, and what is below it matches.
check_names() {
  grep -E "^$2 +$1 " "$R.check" || {
    cat "$R.check" >&2
    fail "the rule $1 does not say '$2'"
    return 1
  }
  [ -z "${3:-}" ] || sed -nE "/^$2 +$1 /,/^(ok|fail|warn) /p" "$R.check" | grep -E "^ .*$3" || {
    cat "$R.check" >&2
    fail "the rule $1 does not name $3"
  }
}

# set_acl access|default PATH ENTRY...: an access control list (ACL) of entries such as u:33:rw-, by numbers; get_acl prints
# one. By the attribute itself, because neither the host nor the root needs to have the package acl.
set_acl() { xattr_acl set "$@"; }
get_acl() { xattr_acl get "$@"; }
xattr_acl() {
  python3 - "$@" <<'EOF_PYTHON'
import os, struct, sys
verb, kind, path, *entries = sys.argv[1:]
name = "system.posix_acl_" + kind
tags = {("u", False): 1, ("u", True): 2, ("g", False): 4, ("g", True): 8, ("m", False): 16, ("o", False): 32}
if verb == "set":
    packed = []
    for entry in entries:
        word, account, rights = entry.split(":")
        bits = sum(bit for bit, letter in ((4, "r"), (2, "w"), (1, "x")) if letter in rights)
        packed.append((tags[word, account != ""], bits, int(account) if account else 0xffffffff))
    os.setxattr(path, name, struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in sorted(packed, key=lambda e: (e[0], e[2]))))
else:
    words = {tag: key for key, tag in tags.items()}
    for tag, bits, account in struct.iter_unpack("<HHI", os.getxattr(path, name)[4:]):
        word, named = words[tag]
        print("%s:%s:%s" % (word, account if named else "", "".join(l if bits & b else "-" for b, l in ((4, "r"), (2, "w"), (1, "x")))))
EOF_PYTHON
}

# xattr PATH NAME [HEX]: prints an extended attribute, sets it, or removes it when HEX is empty.
xattr() {
  python3 - "$@" <<'EOF_PYTHON'
import os, sys
path, name, *value = sys.argv[1:]
if not value:
    print(os.getxattr(path, name).hex())
elif value[0]:
    os.setxattr(path, name, bytes.fromhex(value[0]))
else:
    os.removexattr(path, name)
EOF_PYTHON
}

# deploy_image TREE SYSROOT: OSTree's own commit and deployment, by the release's ostree, as an image builder does it.
deploy_image() {
  local tree=$1 sysroot=$2 status=0
  mkdir -p "$sysroot"
  # A commit holds no devices, and the defaults of /etc in /usr/etc.
  find "$tree/dev" -mindepth 1 -delete
  mv "$tree/etc" "$tree/usr/etc"
  # In a root of the release of its own: its ostree, not the image's files, is at work.
  local host
  host=$(scratch)/host
  overlay_root "$RELEASE" boot "$host"
  ENTER_ROOT_BIND="$WORK" in_root "$host/root" sh -ec '
    export OSTREE_SYSROOT_DEBUG=mutable-deployments
    ostree admin init-fs --modern "$2"
    ostree admin --sysroot="$2" stateroot-init debian
    ostree commit --repo="$2/ostree/repo" --branch=image --fsync=false "$1"
    ostree admin --sysroot="$2" deploy --stateroot=debian --karg=root=LABEL=root image' - "$tree" "$sysroot" || status=$?
  remove_overlay "$host"
  mv "$tree/usr/etc" "$tree/etc"
  return "$status"
}

# derived COMMAND...: a step of a further container build.
derived() { ENTER_ROOT_NETWORK=yes inside "$@"; }
