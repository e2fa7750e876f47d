#!/usr/bin/env bats
# A program of a real architecture with real libraries, packed by the plugin, brought by apt with what it depends on.

bats_require_minimum_version 1.5.0
load ../lib/packages.sh

@test "a real program, packed again by the plugin, is installed with its libraries by apt, and runs" {
  command -v mvn >/dev/null || skip "no mvn to pack it with"
  new_root dracut
  local destdir built deb
  destdir=$(scratch)/destdir built=$(scratch)/built
  inside sh -ec 'cd /srv && apt-get -q download jq' >"$R.log" 2>&1 || { cat "$R.log" >&2 && fail "no package jq"; }
  dpkg-deb -x "$R"/srv/jq_*.deb "$destdir"
  rm "$R"/srv/jq_*.deb
  # The plugin of this repository as it is now; jars that are up to date are not made anew.
  mvn -q -B -f "$REPOSITORY/pom.xml" -P repackaged -pl debian-atomic-maven-plugin,src/system-test/repackaged package -DskipTests \
    "-Ddestdir=$destdir" "-Ddebs=$built" >"$R.log" 2>&1 || { cat "$R.log" >&2 && fail "mvn could not pack it"; }
  deb=$(echo "$built"/*.deb)
  [ "$(basename "$deb")" = acme-query_1.0.0_amd64.deb ]
  [ "$(dpkg-deb -f "$deb" Architecture Depends)" = "Architecture: amd64
Depends: libc6, libjq1, libonig5" ]
  cp "$deb" "$R/srv/"
  run ! inside jq --version
  run ! inside dpkg-query -W libjq1
  inside apt-get install -y --no-install-recommends /srv/acme-query_1.0.0_amd64.deb >"$R.log" 2>&1 || { cat "$R.log" >&2 && fail "not installed"; }
  check_dpkg_log "$R.log"
  check_installed acme-query libjq1
  [ "$(inside sh -c 'echo "{\"acme\": [1, 2, 39]}" | jq ".acme | add"')" = 42 ]
  cmp "$destdir/usr/bin/jq" "$R/usr/bin/jq"
  inside dpkg --verify acme-query
  inside dpkg --purge acme-query
  [ ! -e "$R/usr/bin/jq" ]
}
