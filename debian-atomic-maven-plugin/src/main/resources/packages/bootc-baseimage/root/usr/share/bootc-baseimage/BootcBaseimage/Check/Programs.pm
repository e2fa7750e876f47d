package BootcBaseimage::Check::Programs;

# Rules about what /usr/bin/bootc calls. bootc reports a missing program as "No such file or directory" without its name.

use strict;
use warnings;

# Program and Debian package.
my @UPDATE = (
    [skopeo => 'skopeo'],
    [podman => 'podman'],
    [ostree => 'ostree'],
    [findmnt => 'util-linux'],
    [lsblk => 'util-linux'],
    [mount => 'mount'],
);
my @INSTALL = (
    [sfdisk => 'fdisk'],
    ['mkfs.fat' => 'dosfstools'],
    [wipefs => 'util-linux'],
    [losetup => 'mount'],
);

our @RULES = (
    ['bootc-programs', 'fatal', 'with bootc comes what it calls for status and update', sub { _missing(@UPDATE) }],
    ['bootc-install-programs', 'warning', 'with bootc comes what "bootc install" calls', sub { _missing(@INSTALL) }],
);

sub _missing {
    return if !-x '/usr/bin/bootc';
    return map {
        my ($program, $package) = @$_;
        (grep { -x "$_/$program" } qw(/usr/bin /usr/sbin)) ? () : "$program is missing; install $package";
    } @_;
}

1;
