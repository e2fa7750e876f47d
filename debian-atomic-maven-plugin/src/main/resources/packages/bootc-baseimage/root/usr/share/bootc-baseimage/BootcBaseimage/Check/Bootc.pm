package BootcBaseimage::Check::Bootc;

# The rules of "bootc container lint", by its names.

use strict;
use warnings;
use BootcBaseimage::Change qw(problems);
use BootcBaseimage::Files;
use BootcBaseimage::Kargs;
use BootcBaseimage::Kernel;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(is_utf8 shown);
use BootcBaseimage::Users;
use BootcBaseimage::Var;

our @RULES = (
    ['api-base-directories', 'fatal', '/dev /proc /run /sys /tmp /var are directories', \&_base_directories],
    ['baseimage-root', 'fatal', '/sysroot is a directory and /ostree leads to sysroot/ostree', \&_sysroot],
    ['etc-usretc', 'fatal', 'there is no /usr/etc beside /etc', sub { -d '/etc' && exists_('/usr/etc') ? '/usr/etc exists' : () }],
    ['var-run', 'fatal', '/var/run is a link', sub { -d '/var/run' && !-l '/var/run' ? '/var/run is a directory' : () }],
    ['kernel', 'fatal', 'at most one kernel in /usr/lib/modules', \&_one_kernel],
    ['bootc-kargs', 'fatal', 'every file of /usr/lib/bootc/kargs.d can be read', \&kargs_errors],
    ['utf8', 'fatal', 'every name is UTF-8', sub { _names('/') }],
    ['baseimage-composefs', 'warning', 'prepare-root.conf says whether composefs is used', \&_composefs],
    ['nonempty-boot', 'warning', '/boot is empty', sub { _content('/boot') }],
    ['nonempty-run-tmp', 'warning', '/run and /tmp are empty', sub { map { _content($_) } qw(/run /tmp) }],
    ['sysusers', 'warning', 'every account has a line in sysusers.d', \&accounts_without_line],
    ['var-tmpfiles', 'warning', 'every path of /var has its line in tmpfiles.d', \&_var],
    ['var-log', 'warning', '/var/log has no logs', sub { _logs('/var/log') }],
);

sub _base_directories {
    return map { "$_ is not a directory" } grep { !-d || -l } qw(/dev /proc /run /sys /tmp /var);
}

sub _sysroot {
    my @found;
    push @found, '/sysroot is not a directory' if !-d '/sysroot' || -l '/sysroot';
    push @found, '/ostree is not a link to sysroot/ostree' if (readlink('/ostree') // '') ne 'sysroot/ostree';
    return @found;
}

# bootc takes the directory with a vmlinuz for the kernel, and any second one for a mistake.
sub _one_kernel {
    my @kernels = kernels();
    return if @kernels < 2;
    return map { "$_ is one of several; keep one and purge the others, here " . join ' ', packages_of_kernel($_) } @kernels;
}

sub _composefs {
    my $text = read_file('/usr/lib/ostree/prepare-root.conf') // '';
    return $text =~ /^\[composefs\]\s*\n(?:(?!\[).*\n)*?\s*enabled\s*=/m ? () : '[composefs] enabled is not set';
}

sub _content {
    my ($directory) = @_;
    return if is_mount($directory);
    return map { shown($_) } grep { !is_mount($_) && !mount_below($_) } map { "$directory/$_" } entries($directory);
}

sub _var { return (var_differences(checked_var()), problems()) }

sub _logs {
    my ($directory) = @_;
    return map {
        my $path = "$directory/$_";
        is_mount($path) ? () : -l $path ? () : -d _ ? _logs($path) : -s _ ? shown($path) : ()
    } entries($directory);
}

sub _names {
    my ($directory) = @_;
    my @found;
    for my $name (entries($directory)) {
        my $path = $directory eq '/' ? "/$name" : "$directory/$name";
        push @found, shown($path) unless is_utf8($name);
        push @found, _names($path) if !is_mount($path) && -d $path && !-l $path;
    }
    return @found;
}

1;
