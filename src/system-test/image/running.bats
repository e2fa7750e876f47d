#!/usr/bin/env bats
# Running systems are refused and builds accepted, by finalize and by the package's preinst alike.

bats_require_minimum_version 1.5.0
load ../lib/image.sh

# What both say in this environment: accepted or refused.
make_verdict() {
  mkdir -p "$(scratch)/control"
  dpkg-deb -e "$(deb bootc-baseimage)" "$(scratch)/control"
  cp "$(scratch)/control/preinst" "$1/usr/share/preinst"
  cat >"$1/usr/share/verdict" <<'END'
#!/bin/bash
# A shell by any name: it stays process 1 while it asks.
finalize=accepted preinst=accepted
answer=$(perl -I/usr/share/bootc-baseimage -MBootcBaseimage::Guard -e 'print refusal() // ""')
case $answer in *'this is the running system'*) finalize=refused ;; esac
sh /usr/share/preinst install >/dev/null 2>&1 || preinst=refused
echo "verdict: $finalize $preinst ($answer)"
END
  chmod 0755 "$1/usr/share/verdict"
}

# judged VERDICT ENVIRONMENT COMMAND...: both give this verdict.
judged() {
  local expected=$1 environment=$2 said
  shift 2
  said=$("$@" 2>&1 | grep '^verdict: ') || fail "$environment: no verdict" || return 1
  echo "$environment: $said"
  [[ $said == "verdict: $expected $expected "* ]] || fail "$environment: expected $expected, found $said"
}

# The names of inits in the finalizer's list.
inits() {
  sed -n '/^my %INIT/,/);/p' "$R/usr/share/bootc-baseimage/BootcBaseimage/Guard.pm" | tr '\n' ' ' | sed 's/.*qw(\(.*\));.*/\1/'
}

# contained_by PROGRAM: it is process 1 of a process namespace, in its own root.
contained_by() {
  install -D "$R/bin/bash" "$R/usr/share/first/$1"
  ENTER_ROOT_AS=machine inside "/usr/share/first/$1" /usr/share/verdict
}

@test "builds are told from running systems in real namespaces: chroots, containers, a machine" {
  use_layer installed image
  local image=$R name
  make_verdict "$R"
  judged accepted 'chroot' inside /usr/share/verdict
  for name in bash sh tini catatonit docker-init podman-init buildah; do
    judged accepted "container whose process 1 is $name" contained_by "$name"
  done
  # Each name that finalize knows: the preinst has a list of its own.
  [ "$(inits | wc -w)" -gt 10 ]
  for name in $(inits); do
    judged refused "container that $name has booted" contained_by "$name"
  done

  use_layer installed machine
  make_verdict "$R"
  mkdir "$R/srv/image"
  mount --bind "$image" "$R/srv/image"
  start_machine "$R"
  judged refused 'machine booted by systemd' in_machine /usr/share/verdict
  judged refused 'process namespace of a service on it' in_machine unshare --mount --pid --fork --mount-proc /usr/share/verdict
  in_machine sh -ec 'mount --bind /proc /srv/image/proc; mount --rbind /run /srv/image/run; test -d /srv/image/run/systemd/system'
  judged accepted 'chroot on it, with its /run and /proc' in_machine chroot /srv/image /usr/share/verdict
  in_machine umount -R /srv/image/run
  judged accepted 'chroot on it, with its /proc' in_machine chroot /srv/image /usr/share/verdict
  judged accepted 'chroot on it, in a process namespace' \
    in_machine unshare --mount --pid --fork sh -c 'mount -t proc proc /srv/image/proc; exec chroot /srv/image /usr/share/verdict'
  stop_machine
  umount -R "$R/srv/image"
}

# shows PROCESS-1 ITS-ROOT PROCESS-2 SYSTEMD: the verdict where /proc and /run look like this.
shows() {
  # shellcheck disable=SC2016 # for the inner shell
  inside unshare --mount sh -ec '
    mount -t tmpfs proc /proc
    mkdir /proc/1 /proc/2 /proc/self
    echo "$1" >/proc/1/comm
    case $2 in
      same) ln -s / /proc/1/root ;;
      other) ln -s /usr /proc/1/root ;;
    esac
    mount="30 1 0:30 / /run rw - tmpfs tmpfs rw"
    printf "%s\n" "20 1 0:20 / / rw - overlay overlay rw" "$mount" >/proc/self/mountinfo
    case $2 in
      hidden-same) printf "%s\n" "90 1 0:20 / / rw - overlay overlay rw" "$mount" >/proc/1/mountinfo ;;
      hidden-other) printf "%s\n" "91 1 8:1 / / rw - ext4 /dev/sda1 rw" "$mount" >/proc/1/mountinfo ;;
      hidden-below) printf "%s\n" "91 1 0:20 /elsewhere / rw - overlay overlay rw" "$mount" >/proc/1/mountinfo ;;
    esac
    case $3 in
      kernel) echo "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 24 0 0" >/proc/2/stat ;;
      process) echo "2 (odd) (name) S 1 1 1 34816 2 4194304 0 0 0 0 0 0 0 0 20 0 1 0 24 0 0" >/proc/2/stat ;;
    esac
    if [ "$4" = yes ]; then mkdir -p /run/systemd/system; fi
    exec /usr/share/verdict' - "$@"
}

# process 1   its root      process 2  systemd  verdict   environment
environments() {
  cat <<'END'
systemd       same          kernel     yes      refused   a machine booted by systemd
init          same          kernel     no       refused   a machine booted by sysvinit, or busybox
runit         same          kernel     no       refused   a machine booted by runit
openrc-init   same          kernel     no       refused   a machine booted by OpenRC
dinit         same          kernel     no       refused   a machine booted by dinit
s6-svscan     same          kernel     no       refused   a machine booted by s6
finit         same          kernel     no       refused   a machine booted by finit
bash          same          kernel     no       refused   a machine booted with init=/bin/bash
process_api   hidden-same   kernel     no       refused   a small virtual machine that runs containers itself
systemd       hidden-same   kernel     yes      refused   a sandbox on a machine booted by systemd
systemd       same          process    yes      refused   a container that runs systemd
init          same          none       no       refused   a container that runs an init
bash          same          process    yes      refused   a process namespace on a machine booted by systemd
systemd       other         kernel     yes      accepted  a chroot with the host's /run and /proc
systemd       other         kernel     no       accepted  a chroot with the host's /proc
systemd       hidden-other  kernel     yes      accepted  buildah with chroot isolation
systemd       hidden-below  kernel     no       accepted  a chroot where /proc/1/root cannot be read
process_api   hidden-other  kernel     no       accepted  a chroot in a small virtual machine
bash          other         process    no       accepted  mmdebstrap in a process namespace of its own
sh            same          none       no       accepted  podman and docker build
buildah       same          process    no       accepted  buildah with OCI isolation
catatonit     same          process    no       accepted  podman run --init
(sd-stubinit) same          process    no       accepted  systemd-nspawn that runs a command
bash          none          none       no       accepted  a sandbox that shows nothing of process 1
END
}

@test "builds are told from running systems by what /proc and /run show: a table of environments" {
  use_layer installed
  make_verdict "$R"
  local first root second systemd verdict environment wrong=''
  # Another descriptor: the commands would read the table.
  while read -r first root second systemd verdict environment <&9; do
    judged "$verdict" "$environment" shows "$first" "$root" "$second" "$systemd" || wrong=yes
  done 9< <(environments)
  [ -z "$wrong" ]
}
