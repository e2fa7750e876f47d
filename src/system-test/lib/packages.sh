# The packages under test in a throw-away root, and the checks that several tests share. Loaded by the bats files.
# shellcheck shell=bash
#
#   new_root FLAVOUR      a layer on the release's root, in $R; every test's roots are removed by its teardown
#   use_layer NAME        the same on a shared root of layers.sh
#   inside COMMAND...     in that root, with the packages at their own paths

# shellcheck source=layers.sh
. "${BASH_SOURCE[0]%/*}/layers.sh"
# shellcheck source=machine.sh
. "${BASH_SOURCE[0]%/*}/machine.sh"

PACKAGES=(bootc bootc-dracut apt-ostree bootc-baseimage)
# The packages under test, and what an upgrade comes from.
ALL=()
OLD=()
for name in "${PACKAGES[@]}"; do
  ALL+=("$DEBS/$name"_*.deb)
  OLD+=("$OLD_DEBS/$name"_*.deb)
done

scratch() { printf '%s\n' "$WORK/tmp/test-$$-${BATS_SUITE_TEST_NUMBER:-file}"; }

new_root() {
  local directory
  directory=$(scratch)/$1
  overlay_root "$RELEASE" "$1" "$directory"
  R=$directory/root
}

teardown() { clean_test; }

clean_test() {
  stop_machine
  local directory
  for directory in "$(scratch)"/*/; do
    [ -d "$directory" ] || continue
    remove_overlay "$directory"
  done
  rm -rf --one-file-system "$(scratch)"
}

inside() { ENTER_ROOT_BIND="$DEBS:$OLD_DEBS:${ENTER_ROOT_BIND:-}" in_root "$R" "$@"; }

# deb NAME: the path of one package under test.
deb() {
  local found
  found=("$DEBS/$1"_*.deb)
  [ -f "${found[0]}" ] || fail "no package $1 in $DEBS" || return 1
  printf '%s\n' "${found[0]}"
}

install_packages() { inside apt-get install -y --no-install-recommends "${ALL[@]}"; }
make_installed() { install_packages; }

# repack NAME DIRECTORY: unpacks a package for a test that breaks it; packed NAME DIRECTORY prints the broken deb.
repack() {
  mkdir -p "$(dirname "$2")"
  dpkg-deb -R "$(deb "$1")" "$2"
}

packed() {
  local target
  target=$(scratch)/$1-broken.deb
  # Without the checks of dpkg-deb: some of the breakage is of the kind it refuses.
  dpkg-deb -b --nocheck --root-owner-group -Zgzip -z1 "$2" "$target" >/dev/null
  printf '%s\n' "$target"
}

# stand_in NAME DIRECTORY FOR: the control file of a package that is not ours, for "packed".
stand_in() {
  mkdir -p "$2/DEBIAN"
  printf '%s\n' "Package: $1" 'Version: 1' 'Architecture: all' 'Maintainer: System Test <test@localhost>' \
    "Description: stand-in for $3" >"$2/DEBIAN/control"
}

# A root's files. Left out: accounts, which Debian keeps, what dpkg and apt write about themselves, and the initramfs in
# /boot, which is made by others.
tree() {
  listing "$1" ./var/lib/apt ./var/cache/apt ./var/log './var/lib/dpkg/status*' './var/lib/dpkg/lock*' \
    './var/lib/dpkg/*-old' './etc/passwd*' './etc/group*' './etc/shadow*' './etc/gshadow*' './etc/sub[ug]id*' \
    ./etc/.pwd.lock './boot/initrd.img-*'
}

# listing DIRECTORY PATTERN...: every file with kind, mode, owner, link and content, but for what a pattern matches.
listing() {
  (
    cd "$1" || exit
    shift
    local pattern prune=()
    for pattern; do prune+=(-path "$pattern" -o); done
    prune=(\( "${prune[@]}" -false \) -prune -o)
    # The size of a directory is the file system's affair.
    find . -xdev "${prune[@]}" -printf '%p %y %m %U:%G %l\n'
    find . -xdev "${prune[@]}" -type f -print0 | xargs -0 sha256sum --tag
  ) | LC_ALL=C sort
}

# same_tree BEFORE AFTER WHAT
same_tree() {
  diff "$1" "$2" >"$1.diff" || {
    head -n 30 "$1.diff" >&2
    fail "$3"
  }
}

# All of the packages in the state that dpkg calls installed, and nothing half done.
check_installed() {
  local name state
  for name in "${@:-${PACKAGES[@]}}"; do
    state=$(dpkg-query --admindir="$R/var/lib/dpkg" -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null) || true
    [ "$state" = 'ii ' ] || fail "$name is in state '$state'" || return 1
  done
  [ -z "$(dpkg --root="$R" --audit)" ] || fail "dpkg --audit has something to say"
}

# No package may write over a file of another, and none may meet an error on the way.
check_dpkg_log() {
  ! grep -inE 'trying to overwrite|dpkg: error|errors were encountered|maintainer script .* failed|duplicate line|fail(ed|ure)' "$1" ||
    fail "dpkg had something to say; see above"
}

# check_conffiles DEB...: what is under /etc, and nothing else, is named as a conffile.
check_conffiles() {
  local path control name
  control=$(scratch)/conffiles
  for path in "$@"; do
    name=$(dpkg-deb -f "$path" Package)
    rm -rf "$control" && mkdir -p "$control"
    dpkg-deb -e "$path" "$control"
    touch "$control/conffiles"
    dpkg-deb -c "$path" | awk '$1 ~ /^-/ { sub(/^\./, "", $6); if ($6 ~ "^/etc/") print $6 }' |
      diff - "$control/conffiles" >&2 || fail "$name: the files under /etc are not its conffiles" || return 1
  done
}

# check_purge DEB...: installs, removes and purges in $R, whose tree before it is in $R.before.
check_purge() {
  local path names=()
  for path in "$@"; do names+=("$(dpkg-deb -f "$path" Package)"); done
  ENTER_ROOT_BIND=$(scratch) inside dpkg -i "$@" >"$R.log" 2>&1 || { cat "$R.log" >&2 && return 1; }
  # What systemd makes for its service.
  [ ! -e "$R/usr/lib/systemd/system/apt-ostree-countme.service" ] || mkdir "$R/var/lib/apt-ostree-countme"
  inside dpkg --remove "${names[@]}" >>"$R.log" 2>&1 || { cat "$R.log" >&2 && return 1; }
  inside dpkg --purge "${names[@]}" >>"$R.log" 2>&1 || { cat "$R.log" >&2 && return 1; }
  check_dpkg_log "$R.log" || return 1
  tree "$R" >"$R.after"
  same_tree "$R.before" "$R.after" "purged, ${names[*]} left something behind"
}

# The floor is what a package built by debhelper reaches; see CONTRIBUTING.
check_lintian() {
  local status=0 found
  ENTER_ROOT_BIND=$(scratch) tools lintian --allow-root --display-level '>=pedantic' --display-experimental \
    --tag-display-limit 0 "$@" >"$WORK/tmp/lintian.out" || status=$?
  # 2: it found errors. Anything else is lintian's own failure, and no verdict.
  [ "$status" = 0 ] || [ "$status" = 2 ] || fail "lintian ended with status $status" || return 1
  found=$(grep -vE '^N:|^I: [^ ]+: package-supports-alternative-init-but-no-init.d-script|^X: [^ ]+: executable-in-usr-lib' \
    "$WORK/tmp/lintian.out") || return 0
  fail "$found"
}

# A machine with the packages that takes itself for one booted by OSTree, as the daemon of apt-ostree demands; with the
# stand-ins. apt_ostree KIND: which of the programs called apt-ostree it has: absent, starlingx or full.
start_ostree_machine() {
  use_layer installed
  cp -a "$SYSTEM_TEST/stand-ins/root/." "$R/"
  mkdir -p "$R/ostree"
  start_machine "$R"
  in_machine touch /run/ostree-booted
}

apt_ostree() {
  rm -f "$R/usr/bin/apt-ostree"
  case $1 in
    absent) ;;
    starlingx) cp "$SYSTEM_TEST/stand-ins/apt-ostree-starlingx" "$R/usr/bin/apt-ostree" ;;
    full) cp "$SYSTEM_TEST/stand-ins/root/usr/bin/apt-ostree" "$R/usr/bin/apt-ostree" ;;
    *) fail "there is no apt-ostree of kind $1" ;;
  esac
}

our_units() { dpkg --root="$R" -L "${@:-${PACKAGES[@]}}" | sed -nE 's#^/usr/lib/systemd/system/([^/]+\.(service|timer|path|target))$#\1#p' | sort -u; }

# check_units_start [PACKAGE...]: each unit can be started on the machine and none is failed afterwards. A unit may
# refuse to be started by hand; its conditions may keep it from doing anything.
check_units_start() {
  local unit answer failed
  [ -n "$(our_units "$@")" ] || fail "there are no units" || return 1
  for unit in $(our_units "$@"); do
    answer=$(in_machine timeout 60 systemctl start "$unit" 2>&1) || [[ $answer == *'Operation refused'* ]] ||
      fail "$unit did not start: $answer" || return 1
  done
  failed=$(in_machine systemctl list-units --failed --plain --no-legend | awk '{ print $1 }')
  [ -z "$failed" ] || fail "failed: $failed"
}
