package BootcBaseimage::Guard;

# When finalize refuses to start. There is no override: on a running system it would take /var away from its services.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(shown);

our @EXPORT = qw(refusal audit);

# Names of process 1 in a system that was booted; a container's process 1 is a shell, a build tool, or tini.
my %init = map { $_ => 1 } qw(systemd init runit openrc-init);

# The sentence that says why not, or nothing.
sub refusal {
    return 'only root can finalize an image' if $> != 0;
    my $system = _running_system();
    return $system if $system;
    return '/proc/self/mountinfo cannot be read; mount proc in this root first (mount -t proc proc ROOT/proc)'
        unless -r '/proc/self/mountinfo';
    read_mounts();
    for my $path (qw(/var /usr /etc /var/lib /usr/lib /usr/share)) {
        return "$path is a mount point; finalize works on one root file system with its own $path" if is_mount($path);
    }
    return;
}

# A chroot with the host's /run has /run/systemd/system too; there, process 1 has another root directory. A sandbox may
# forbid to look at it; then its name decides.
sub _running_system {
    my $booted = -d '/run/systemd/system';
    my $name = read_file('/proc/1/comm') // '';
    chomp $name;
    my @mine = stat '/';
    my @first = stat '/proc/1/root/.';
    my $running = @first ? $mine[0] == $first[0] && $mine[1] == $first[1] && ($booted || $init{$name}) : $booted && $init{$name};
    return $running ? 'this is the running system, not the root of an image' : undef;
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
