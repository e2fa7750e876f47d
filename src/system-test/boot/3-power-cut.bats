#!/usr/bin/env bats
# The virtual machine is killed at the worst moments. By GRUB where that is possible: it reads the disk as the cut left
# it, without the kernel's help.

load life.sh

setup_file() { reach broken; }

# Nothing lost: what its administrator and its services had left, whichever deployment it is.
nothing_lost() {
  vm_verdict
  [ "$(fact var)" = kept ]
  local shared="added:mine
changed:mine"
  case $(fact release) in
    A) [ "$(fact etc)" = "$shared
default:A" ] ;;
    B) [ "$(fact etc)" = "$shared
default:B
new:B" ] ;;
    *) false ;;
  esac
}

@test "cut while the root grows, the machine comes up and the root is whole" {
  look_at grown
  nothing_lost
  has_grown
}

@test "cut while an update is fetched, the machine comes up on the old deployment" {
  look_at staged-cut
  nothing_lost
  [ "$(fact release)" = A ]
}

@test "cut while an update is staged, the machine comes up on the old deployment" {
  look_at finalizing-cut
  nothing_lost
  [ "$(fact release)" = A ]
}

@test "cut while the update becomes the default, the machine comes up on the old or the new one" {
  look_at recovered
  nothing_lost
}

@test "after all that the next update is taken" {
  look_at broken
  [ "$(fact release)" = C ]
  [ "$(fact var)" = kept ]
}

@test "after all that the root file system has no error" {
  tools e2fsck -fn "$MACHINE_DIR/disk.img?offset=$((VM_ROOT_START * 512))"
}

# bats test_tags=full
@test "cut at six random moments of an update, the machine comes up each time" {
  local machine="$LIVES/random" round
  mkdir -p "$machine"
  cp --sparse=always "$LIVES/returned.img" "$machine/disk.img"
  for round in 1 2 3 4 5 6; do
    # It may have gone down by itself before the power fails.
    vm_boot "$machine" "random-$round" "${LOADER[@]}" --disk "$LIVES/updates-b.img" \
      --cut '@@ fetching' --cut-after $((RANDOM % 30)) settled common updated stage-update restart || true
    nothing_lost
  done
  vm_boot "$machine" random-last "${LOADER[@]}" settled common updated
  nothing_lost
}
