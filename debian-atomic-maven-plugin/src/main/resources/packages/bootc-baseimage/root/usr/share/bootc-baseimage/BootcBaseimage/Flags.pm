package BootcBaseimage::Flags;

# Files and directories that chattr(1) made immutable or append-only: finalize can neither replace nor remove them, and
# must know before it changes anything.

use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(O_RDONLY O_NOFOLLOW O_NONBLOCK);
use File::Basename qw(dirname);
use File::Glob qw(bsd_glob);
use BootcBaseimage::Change qw(problem);
use BootcBaseimage::Fates;
use BootcBaseimage::Files qw(entries);
use BootcBaseimage::MachineKeys;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(shown);
use BootcBaseimage::Secrets;

our @EXPORT = qw(problems_of_flags problems_of_all_flags);

# FS_IOC_GETFLAGS, and the flags.
my ($GET_FLAGS, $IMMUTABLE, $APPEND_ONLY) = (0x80086601, 0x10, 0x20);

# What finalize replaces or empties as a whole, besides /var.
my @TREES = qw(/boot /home /media /mnt /root /run /srv /tmp /usr/lib/sysimage /usr/share/factory/var);

# Single files that it writes or removes, and the directories they are in.
my @PATHS = qw(/ /etc /etc/bootc-baseimage /etc/hostname /etc/iscsi /etc/iscsi/initiatorname.iscsi /etc/machine-id
    /etc/systemd /etc/systemd/system /etc/systemd/system/timers.target.wants
    /etc/systemd/system/timers.target.wants/apt-daily*.timer /opt /usr /usr/lib /usr/lib/bootc-baseimage
    /usr/lib/bootc-baseimage/dropped /usr/lib/bootc-baseimage/ids.conf /usr/lib/bootc-baseimage/seed.list /usr/lib/modules/*
    /usr/lib/modules/*/vmlinuz /usr/lib/modules/*/initramfs.img /usr/lib/os-release /usr/lib/systemd
    /usr/lib/systemd/*-preset /usr/lib/systemd/*-preset/00-bootc-baseimage.preset /usr/lib/sysusers.d /usr/lib/sysusers.d/00-bootc-baseimage*.conf
    /usr/lib/tmpfiles.d /usr/lib/tmpfiles.d/00-bootc-baseimage.conf /usr/local /usr/share /usr/share/factory);

# Everything but /var, which is walked anyway.
sub problems_of_all_flags {
    problems_of_flags($_, 1) for @TREES;
    my %path = map { $_ => 1 } (map { bsd_glob($_) } @PATHS),
        map { ($_, dirname($_)) } grep { !m{^/var/} } secrets_to_remove(), machine_keys_to_remove();
    problems_of_flags($_, 0) for sort keys %path;
    problems_of_flags($_, 1) for dropped_elsewhere();
    return;
}

# A problem if the path has such a flag, or with $below anything in it; mount points are left alone.
sub problems_of_flags {
    my ($path, $below) = @_;
    return if is_mount($path) || !lstat $path || -l _ || !(-f _ || -d _);
    my $directory = -d _;
    problem(shown($path) . ': immutable or append-only, so it can be neither replaced nor removed; run: chattr -ia ' . shown($path))
        if _flags($path) & ($IMMUTABLE | $APPEND_ONLY);
    return unless $below && $directory;
    problems_of_flags("$path/$_", 1) for entries($path);
    return;
}

sub _flags {
    my ($path) = @_;
    sysopen my $file, $path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK or return 0;
    my $flags = pack 'L!', 0;
    ioctl $file, $GET_FLAGS, $flags or return 0;
    return unpack 'L', $flags;
}

1;
