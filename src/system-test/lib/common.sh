# Sourced by run, the libraries and the bats files: messages, the host's tools, the mirror, the cleanup registry.
# shellcheck shell=bash

SYSTEM_TEST=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
REPOSITORY=$(cd "$SYSTEM_TEST/../.." && pwd)
# Everything that a run makes lies here; on one file system, because overlays and renames need that.
: "${WORK:=$REPOSITORY/target/system-test}"
# The packages under test, and the same ones with a lower version.
: "${DEBS:=$WORK/debs}"
: "${OLD_DEBS:=$WORK/debs-old}"
export SYSTEM_TEST REPOSITORY WORK DEBS OLD_DEBS

say() { printf '%s\n' "$*" >&2; }

# The machine cannot run the tests, which is not the same as a test that failed.
lacks() {
  say "system-test: cannot run here: $*"
  exit 2
}

# fail MESSAGE...: the verdict of a check, in bats and outside of it.
fail() {
  printf '%s\n' "$*" >&2
  return 1
}

# The Debian mirror in the machine's apt sources: a release of Debian with the component main. Third parties use the
# same names of releases, so a source that ends in /debian goes first; the security archive has names of its own.
mirror() {
  local found="${DEBIAN_ATOMIC_MIRROR:-}"
  [ -n "$found" ] || found=$(sources | awk '
    $2 ~ /^(bullseye|bookworm|trixie|forky|duke|sid|unstable|testing|stable|oldstable)$/ && $0 ~ / main( |$)/ {
      if ($1 ~ /[\/]debian[\/]?(\.list)?$/) { print $1; exit }
      if (!other) other = $1
    }
    END { if (other) print other }' | head -n 1)
  # Debian's cloud images name a file with mirrors instead of one.
  case $found in mirror+file:*) found=$(grep -v '^#' "${found#mirror+file:}" 2>/dev/null | awk 'NF { print $1; exit }') ;; esac
  [ -n "$found" ] || lacks "no Debian mirror in /etc/apt; set DEBIAN_ATOMIC_MIRROR"
  printf '%s\n' "${found%/}"
}

# Every source of the machine as one line "URI SUITE COMPONENTS...", from both of apt's formats.
sources() {
  local etc=${APT_ETC:-/etc/apt} file
  for file in "$etc"/sources.list "$etc"/sources.list.d/*.list; do
    [ -f "$file" ] || continue
    sed -nE 's/^[[:space:]]*deb[[:space:]]+(\[[^]]*\][[:space:]]+)?//p' "$file"
  done
  for file in "$etc"/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    awk '
      function flush(  i, j, u, s, nu, ns) {
        nu = split(uris, u, " "); ns = split(suites, s, " ")
        if (types ~ /(^| )deb( |$)/ && enabled != "no")
          for (i = 1; i <= nu; i++) for (j = 1; j <= ns; j++) print u[i], s[j], components
        types = uris = suites = components = enabled = ""
      }
      /^#/ { next }
      /^[[:space:]]*$/ { flush(); next }
      { name = tolower($1); value = $0; sub(/^[^:]*:[[:space:]]*/, "", value) }
      name == "types:" { types = value }
      name == "uris:" { uris = value }
      name == "suites:" { suites = value }
      name == "components:" { components = value }
      name == "enabled:" { enabled = tolower(value) }
      END { flush() }' "$file"
  done
}

# host_tools PACKAGE...: install what is missing on this Debian machine.
host_tools() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -q -y -o Acquire::Check-Valid-Until=false update &&
    apt-get -q -y --no-install-recommends install "${missing[@]}"; } >/dev/null ||
    lacks "apt-get could not install ${missing[*]}"
}

# Mounts and processes die with the namespaces that run opens; only loop devices outlive them. By their files, because
# the path is cut short when the mount that it leads through is gone.
detach_loops() {
  local device inode number file
  losetup -l -n -O NAME,BACK-INO,BACK-MAJ:MIN 2>/dev/null | while read -r device inode number; do
    file=$(find "$WORK/tmp" -xdev -type f -inum "$inode" -print -quit 2>/dev/null) || true
    [ -z "$file" ] || [ "$(stat -c %Hd:%Ld "$file")" != "$number" ] || detach_loop "$device"
  done
}

# Partitions that partx added would stay behind.
detach_loop() {
  partx --delete "$1" 2>/dev/null || true
  losetup -d "$1" || true
}
