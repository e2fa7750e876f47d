#!/usr/bin/env bats
# The accounts of an image keep their numbers on every machine, and what cannot keep them is found before anything changes.

bats_require_minimum_version 1.5.0
load ../lib/server.sh

IDS=usr/lib/bootc-baseimage/ids.conf

# The number of a user or group of $R.
number_of() { sed -n "s/^$1:[^:]*:\([0-9]*\):.*/\1/p" "$R/etc/$2"; }

forget_accounts() {
  local name file
  for name; do
    for file in passwd group shadow gshadow; do sed -i "/^$name:/d" "$R/etc/$file"; done
  done
}

@test "a machine that lost accounts gets them with the image's numbers, and neither systemd-sysusers nor systemd-tmpfiles warns" {
  use_layer finalized
  local name lost=(polkitd systemd-network _apt-ostree) before=() groups=()
  for name in "${lost[@]}"; do before+=("$(number_of "$name" passwd)"); done
  groups=("$(number_of render group)" "$(number_of input group)")
  forget_accounts "${lost[@]}" render input
  empty_var "$R"
  start_machine "$R"
  for name in "${lost[@]}"; do
    [ "$(number_of "$name" passwd)" = "${before[0]}" ] || fail "$name has $(number_of "$name" passwd), not ${before[0]}"
    before=("${before[@]:1}")
  done
  [ "$(number_of render group) $(number_of input group)" = "${groups[*]}" ]
  in_machine systemctl is-active bootc-baseimage-sysusers.service
  in_machine systemctl is-active bootc-baseimage-ids.service
  run in_machine journalctl -b -q -o cat -p warning -t systemd-sysusers -t systemd-tmpfiles
  [ -z "$output" ]
}

@test "no account is in two files that systemd-sysusers reads, and bootc's lint finds a line for each" {
  use_layer finalized
  run inside systemd-sysusers --dry-run
  [ "$status" = 0 ]
  run ! grep -i conflict <<<"$output"
  check_image
  check_names sysusers ok
  check_names ids ok
}

@test "accounts that no package has a line for are made by systemd-sysusers alone too" {
  use_layer finalized
  quick_dracut
  inside useradd --system --uid 777 --user-group --comment 'of "the" image, 100% \ its own' --groups games acme
  finalized
  grep '^u acme 777:777 ' "$R/$IDS"
  # Membership is for systemd-sysusers alone, which runs after an update: an administrator may end it.
  run ! grep '^m ' "$R/$IDS"
  grep -hE '^[ugm] ' "$R/usr/lib/sysusers.d/00-bootc-baseimage-ids.conf" | sort |
    diff - <({ grep -hE '^[ug] acme ' "$R/$IDS" && echo 'm acme games'; } | sort)
  forget_accounts acme
  sed -i 's/^\(games:.*\)acme$/\1/' "$R/etc/group"
  inside systemd-sysusers
  grep -xF 'acme:x:777:777:of "the" image, 100% \ its own:/home/acme:/bin/sh' "$R/etc/passwd"
  inside id -nG acme | grep -x 'acme games'
}

@test "accounts that systemd-sysusers cannot make are named with their line, and nothing is changed" {
  use_layer finalized
  local line name
  {
    echo 'svc$:x:801:801:::/usr/sbin/nologin'
    echo 'dot.ted:x:802:802::/:/usr/sbin/nologin'
    echo 'odd-home:x:803:802::relative:/usr/sbin/nologin'
    echo 'no-group:x:804:4711::/:/usr/sbin/nologin'
  } >>"$R/etc/passwd"
  printf '%s\n' 'svc$:x:801:' 'dot.ted:x:802:' >>"$R/etc/group"
  refused_unchanged 1
  for name in 'svc\$' 'dot\.ted' odd-home no-group; do
    line=$(grep -n "^$name:" "$R/etc/passwd" | cut -d : -f 1)
    grep "/etc/passwd:$line: user $name " <<<"$output" || fail "$name is not named: $output"
  done
  for name in 'svc\$' 'dot\.ted'; do
    line=$(grep -n "^$name:" "$R/etc/group" | cut -d : -f 1)
    grep "/etc/group:$line: group $name " <<<"$output" || fail "the group $name is not named: $output"
  done
  # Two accounts with one number: only the result shows it.
  sed -i '/^\(svc\$\|dot\.ted\|odd-home\|no-group\):/d' "$R/etc/passwd" "$R/etc/group"
  echo 'second:x:0:0:::' >>"$R/etc/passwd"
  refused_unchanged 1
  grep -E '/etc/passwd:[0-9]+: user second .*expected numbers 0:0' <<<"$output"
}

@test "a package installed in another order, after --ids FILE --seed, has the numbers of FILE" {
  local debs directory first
  debs=$(scratch)/debs
  mkdir -p "$debs" "$WORK/tmp"
  account_deb seed-one "$debs" -
  account_deb seed-two "$debs" -
  for directory in first second; do
    use_layer finalized "$directory"
    quick_dracut
    if [ "$directory" = first ]; then
      for name in one two; do ENTER_ROOT_BIND=$debs inside dpkg -i "$debs/seed-$name.deb"; done
      finalized
      cp "$R/$IDS" "$debs/ids.conf"
      first="$(number_of seed-one passwd) $(number_of seed-two passwd)"
    else
      ENTER_ROOT_BIND=$debs inside bootc-baseimage-finalize --ids "$debs/ids.conf" --seed
      for name in two one; do ENTER_ROOT_BIND=$debs inside dpkg -i "$debs/seed-$name.deb" 2>&1 | tee -a "$R.dpkg"; done
      run ! grep -iE 'conflict|already used' "$R.dpkg"
      ENTER_ROOT_BIND=$debs inside bootc-baseimage-finalize --ids "$debs/ids.conf"
      [ "$(number_of seed-one passwd) $(number_of seed-two passwd)" = "$first" ]
      cmp "$R/$IDS" "$debs/ids.conf"
    fi
  done
}
