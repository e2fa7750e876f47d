package BootcBaseimage::Times;

# Directories and links that finalize touched get the time of the newest package operation: the same root gives the
# same archive, whenever it is finalized.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;

our @EXPORT = qw(settle_times);

sub settle_times {
    my @touched = _touched('/', (lstat '/')[0], $^T);
    # perl cannot set the time of a link itself.
    while (my @some = splice @touched, 0, 500) {
        run('touch', '--no-dereference', '--date=@' . stamp(), '--', @some);
    }
    return;
}

# Everything on this file system that is younger than the start of the program.
sub _touched {
    my ($path, $device, $start) = @_;
    my @stat = lstat $path or return;
    return if is_mount($path) || $stat[0] != $device;
    my @found = $stat[9] >= $start ? $path : ();
    if (-d _) {
        my $prefix = $path eq '/' ? '' : $path;
        push @found, map { _touched("$prefix/$_", $device, $start) } entries($path);
    }
    return @found;
}

1;
