package BootcBaseimage::Mounts;

# What is mounted in the root is not the image's: never entered, emptied, replaced or removed.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(read_mounts is_mount mount_below skipped_mounts);

my (%mounted, %skipped);

# Device numbers do not show a bind mount of the same file system; mountinfo does. (proc(5): the fifth field.)
sub read_mounts {
    open my $info, '<', '/proc/self/mountinfo'
        or die "/proc/self/mountinfo: $!; mount proc in this root first\n";
    %mounted = ();
    while (my $line = <$info>) {
        my $path = (split / /, $line)[4];
        $path =~ s/\\([0-7]{3})/chr oct $1/ge;
        $mounted{$path} = 1 unless $path eq '/';
    }
    close $info;
    return;
}

sub is_mount {
    my ($path) = @_;
    return 0 unless $mounted{$path};
    $skipped{$path} = 1;
    return 1;
}

# The first mount point below a directory, if any.
sub mount_below {
    my ($path) = @_;
    my ($first) = grep { index($_, "$path/") == 0 } sort keys %mounted;
    return $first;
}

# Those that something asked about, for the report.
sub skipped_mounts { return sort keys %skipped }

1;
