package BootcBaseimage::Kernel;

# vmlinuz and initramfs.img of each installed kernel.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Change;
use BootcBaseimage::Files;

our @EXPORT = qw(kernels packages_of_kernel problems_of_kernels renew_kernels);

my $MODULES = '/usr/lib/modules';

# A removed kernel may leave a directory with depmod's files; modules.builtin only comes from a package.
sub kernels { return grep { -e "$MODULES/$_/modules.builtin" } entries($MODULES) }

# From forky on the files are in packages beside linux-image, and stay when that one is removed alone.
sub packages_of_kernel {
    my ($version) = @_;
    my @owners = eval { output('dpkg-query', '--search', "$MODULES/$version/*") };
    my %packages = map { $_ => 1 } "linux-image-$version", map { /^([^:,]+)/ ? $1 : () } @owners;
    return sort keys %packages;
}

sub problems_of_kernels {
    for my $version (kernels()) {
        problem("kernel $version has neither $MODULES/$version/vmlinuz nor /boot/vmlinuz-$version; reinstall its package")
            unless -s "$MODULES/$version/vmlinuz" || -s "/boot/vmlinuz-$version";
    }
    return;
}

# The helper replaces only what differs, so that a second run leaves times alone too.
sub renew_kernels {
    for my $version (kernels()) {
        my @files = map { "$MODULES/$version/$_" } qw(vmlinuz initramfs.img);
        my $before = join ' ', map { _identity($_) } @files;
        if ($BootcBaseimage::Change::dry_run) {
            change("make the initramfs of $version", sub { }) if grep { !-e } @files;
            next;
        }
        run('/usr/share/bootc-baseimage/kernel-files', 'add', $version);
        change("make vmlinuz and initramfs.img of $version", sub { }) if $before ne join ' ', map { _identity($_) } @files;
    }
    return;
}

sub _identity {
    my @stat = stat $_[0];
    return @stat ? "$stat[1]:$stat[7]:$stat[9]" : 'none';
}

1;
