package BootcBaseimage::Guard;

# When finalize refuses to start. There is no override: on a running system it would take /var away from its services.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(shown);

our @EXPORT = qw(refusal audit);

# Names of process 1 that boot a system. Builders start a container with a shell, their own program or a small reaper of
# processes (tini, catatonit, docker-init, podman-init). The preinst of this package has the same list.
my %INIT = map { $_ => 1 } qw(systemd init runit runit-init openrc-init dinit s6-svscan s6-linux-init finit procd shepherd
    sinit nitro);

# They are emptied, moved out of or filled at boot, and no link of an author can stand in for them.
my @DIRECTORIES = qw(/boot /dev /etc /proc /run /sys /tmp /usr /usr/lib /usr/share /var /var/lib /var/cache /var/log /var/tmp);

# A flag of process 2 (proc_pid_stat(5), the ninth field): it is the kernel's kthreadd, which only the first process
# namespace of a machine has.
my $KERNEL_THREAD = 0x200000;

# The sentence that says why not, or nothing.
sub refusal {
    return 'only root can finalize an image' if $> != 0;
    my $system = _running_system();
    return $system if $system;
    return '/proc/self/mountinfo cannot be read; mount proc in this root first (mount -t proc proc ROOT/proc)'
        unless -r '/proc/self/mountinfo';
    for my $path (@DIRECTORIES) {
        return "$path is a link to " . shown(readlink $path) . ', expected a directory: finalize would change what it leads to;'
            . ' make it a directory' if -l $path;
    }
    read_mounts();
    for my $path (qw(/var /usr /etc /var/lib /usr/lib /usr/share)) {
        return "$path is a mount point; finalize works on one root file system with its own $path" if is_mount($path);
    }
    return;
}

# The root of an image is not the root of process 1, or process 1 belongs to a container that was started for a build.
# A chroot may have the host's /run and /proc: neither shows anything as long as process 1 has another root.
sub _running_system {
    return unless _shares_root_of_first_process();
    my $name = read_file('/proc/1/comm') // '';
    chomp $name;
    my $why = -d '/run/systemd/system' ? '/run/systemd/system exists'
        : $INIT{$name} ? 'it is an init'
        : _sees_kernel_threads() ? 'it runs on the machine itself, outside any container'
        : return;
    return "this is the running system, not the root of an image: process 1 (" . shown($name) . ") has the same root, and $why";
}

# Where a sandbox hides /proc/1/root, the mount that holds "/" decides.
sub _shares_root_of_first_process {
    my @mine = stat '/';
    my @first = stat '/proc/1/root/.';
    return $mine[0] == $first[0] && $mine[1] == $first[1] if @first;
    my ($mine, $first) = map { _root_mount("/proc/$_/mountinfo") } qw(self 1);
    return defined $mine && defined $first && $mine eq $first;
}

# Device and directory that are mounted as "/", as the process of this mountinfo has it.
sub _root_mount {
    my ($file) = @_;
    my @roots = grep { $_->[4] eq '/' } map { [split / /] } split /\n/, read_file($file) // '';
    return @roots ? "@{ $roots[-1] }[2, 3]" : undef;
}

sub _sees_kernel_threads {
    my $stat = read_file('/proc/2/stat') // '';
    # The name of a process may hold anything, parentheses too.
    my ($flags) = $stat =~ /.*\) \S (?:-?\d+ ){5}(\d+) /s;
    return defined $flags && ($flags & $KERNEL_THREAD) != 0;
}

# The sentence that says which packages are not fully installed, or nothing: what is half-configured now would be
# half-configured on every machine.
sub audit {
    open my $dpkg, '-|', 'dpkg', '--audit' or die "dpkg: $!\n";
    # It also says that somebody, finalize itself, holds the lock.
    my @lines = grep { !/^Another process has locked/ && !/^modifying it, some of the following/ } <$dpkg>;
    close $dpkg;
    shift @lines while @lines && $lines[0] =~ /^\s*\z/;
    return unless @lines;
    return join '', "dpkg --audit reports packages that are not fully installed; mend them first:\n", @lines;
}

1;
