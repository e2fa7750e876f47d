package BootcBaseimage::Locks;

# The locks that dpkg and apt take, held while the database moves, so that neither starts in the middle.

use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(O_RDWR O_CREAT F_SETLK F_GETLK F_WRLCK F_UNLCK SEEK_SET);
use File::Basename qw(dirname);
use BootcBaseimage::Mounts;

our @EXPORT = qw(lock_packages lock_directory remove_apt_locks undo_apt_locks);

my @DPKG = qw(/var/lib/dpkg/lock-frontend /var/lib/dpkg/lock);
my @APT = qw(/var/lib/apt/lists/lock /var/cache/apt/archives/lock);

# struct flock of the 64-bit kernels and of armhf: type, whence, start, length, process.
my $FLOCK = 's s x4 q q l x4';

# Open files, and for each that was missing the time of its directory.
my (@held, %made);

# The sentence that says who is at work, or nothing.
sub lock_packages {
    my ($create) = @_;
    for my $path (@DPKG, @APT) {
        my $busy = _lock($path, $create);
        return $busy if $busy;
    }
    return;
}

# The locks of a copied database, before anything leads to it.
sub lock_directory {
    my ($directory) = @_;
    return _lock("$directory/lock-frontend", 1) || _lock("$directory/lock", 1);
}

# apt makes its files anew, and no line of tmpfiles.d does; the time of their directories must not tell when this ran.
sub remove_apt_locks {
    my ($time) = @_;
    for my $path (grep { -e } @APT) {
        # In a cache that is mounted for the build, only what this run made, and as it was.
        my $mounted = _mounted($path);
        _remove($path, $mounted ? $made{$path} : $time) unless $mounted && !$made{$path};
    }
    return;
}

# After a run that changed nothing.
sub undo_apt_locks {
    _remove($_, $made{$_}) for grep { $made{$_} && -e } @APT;
    return;
}

sub _mounted {
    my ($path) = @_;
    while ($path ne '/') {
        return 1 if is_mount($path);
        $path = dirname($path);
    }
    return 0;
}

sub _remove {
    my ($path, $time) = @_;
    unlink $path or die "$path: $!\n";
    utime $time, $time, dirname($path);
    return;
}

sub _lock {
    my ($path, $create) = @_;
    my $time = (stat dirname($path))[9];
    my $missing = !-e $path;
    sysopen my $file, $path, O_RDWR | ($create ? O_CREAT : 0), 0640 or return;
    $made{$path} = $time if $missing;
    my $want = pack $FLOCK, F_WRLCK, SEEK_SET, 0, 0, 0;
    if (!fcntl $file, F_SETLK, $want) {
        my $found = pack $FLOCK, F_WRLCK, SEEK_SET, 0, 0, 0;
        fcntl $file, F_GETLK, $found;
        my ($type, undef, undef, undef, $process) = unpack $FLOCK, $found;
        # A process outside our namespace has the number 0.
        my $who = $type == F_UNLCK || !$process ? 'another process' : "process $process";
        return "$path is locked by $who: dpkg or apt is at work";
    }
    push @held, $file;
    return;
}

1;
