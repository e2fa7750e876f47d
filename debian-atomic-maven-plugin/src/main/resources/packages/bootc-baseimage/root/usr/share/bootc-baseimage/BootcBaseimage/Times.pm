package BootcBaseimage::Times;

# Directories and links that finalize touched get the time of the newest package operation: the same root gives the
# same archive, whenever it is finalized.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;

our @EXPORT = qw(begin_times settle_times);

my $start;

# perl sees whole seconds only: a new one begins, so that what was written before can be told from what follows (and
# a little more, because the kernel's clock for files lags behind).
sub begin_times {
    my $now = time;
    select undef, undef, undef, 0.02 while time == $now;
    $start = time;
    select undef, undef, undef, 0.02;
    return;
}

sub settle_times {
    my @touched = _touched('/', (lstat '/')[0]);
    # perl cannot set the time of a link itself.
    while (my @some = splice @touched, 0, 500) {
        run('touch', '--no-dereference', '--date=@' . stamp(), '--', @some);
    }
    return;
}

# Everything on this file system that was written since the start.
sub _touched {
    my ($path, $device) = @_;
    my @stat = lstat $path or return;
    return if is_mount($path) || $stat[0] != $device;
    my @found = $stat[9] >= $start ? $path : ();
    if (-d _) {
        my $prefix = $path eq '/' ? '' : $path;
        push @found, map { _touched("$prefix/$_", $device) } entries($path);
    }
    return @found;
}

1;
