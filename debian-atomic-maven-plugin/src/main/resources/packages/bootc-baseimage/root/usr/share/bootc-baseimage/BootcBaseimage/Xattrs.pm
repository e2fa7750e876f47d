package BootcBaseimage::Xattrs;

# Extended attributes and access control lists, which perl has no functions for and for which a minimal image has no
# tools: the system calls by their numbers.

use strict;
use warnings;
use Config;
use Exporter 'import';
use BootcBaseimage::Names qw(shown);

our @EXPORT = qw(xattrs xattr_text remove_xattr acl_entries names_accounts group_mode $ACL $DEFAULT_ACL);

our $ACL = 'system.posix_acl_access';
our $DEFAULT_ACL = 'system.posix_acl_default';

# Labels of the build host's security modules; a machine sets its own.
my $OF_THE_HOST = qr/^(?:security\.(?:selinux|ima|evm|apparmor|SMACK64.*)|(?:trusted|user)\.overlay\..*)\z/;

# lgetxattr(2) and llistxattr(2), by the architecture that perl was built for. On each, lremovexattr(2) is three numbers
# above the second.
my %NUMBERS = (
    'x86_64' => [192, 195],
    'aarch64' => [9, 12],
    'riscv64' => [9, 12],
    'loongarch64' => [9, 12],
    'powerpc64le' => [213, 216],
    's390x' => [228, 231],
    'i386' => [230, 233],
    'i686' => [230, 233],
    'arm' => [230, 233],
);
my ($GET, $LIST) = @{ $NUMBERS{ ($Config{archname} =~ /^([^-]+)/)[0] } // [] };

# The kernel's limit of one value and of a list of names.
my $LARGEST = 65536;
my $buffer = "\0" x $LARGEST;

# The attributes of a path, links not followed: name => value, or undef when there are none.
sub xattrs {
    my ($path) = @_;
    die "extended attributes cannot be read on $Config{archname}: its system calls are missing in $INC{'BootcBaseimage/Xattrs.pm'}\n"
        unless $LIST;
    my $names = _call($LIST, $path) // return;
    my %value = map { $_ => _call($GET, $path, $_) // die(shown("$path: the attribute $_") . ": $!\n") }
        grep { !/$OF_THE_HOST/ } split /\0/, $names;
    return %value ? \%value : undef;
}

# Undef where there is nothing, or where the file system has no attributes.
sub _call {
    my ($number, $path, @name) = @_;
    my $length = syscall $number, "$path", @name, $buffer, $LARGEST;
    return $length > 0 || $length == 0 && @name ? substr $buffer, 0, $length : undef;
}

sub remove_xattr {
    my ($path, $name) = @_;
    syscall($LIST + 3, "$path", "$name") == 0 or die shown("$path: the attribute $name") . ": $!\n";
    return;
}

# To compare two paths by.
sub xattr_text {
    my ($xattrs) = @_;
    return join "\0", map { "$_=$xattrs->{$_}" } sort keys %{ $xattrs // {} };
}

# The kinds of entries: its number => [word, whether it names an account].
my %KIND = (
    0x01 => ['u'],
    0x02 => ['u', sub { scalar getpwuid $_[0] }],
    0x04 => ['g'],
    0x08 => ['g', sub { scalar getgrgid $_[0] }],
    0x10 => ['m'],
    0x20 => ['o'],
);

# The entries of a list as setfacl(1) and tmpfiles.d(5) write them; without $base only those that mode bits do not hold.
sub acl_entries {
    my ($value, $base) = @_;
    return map {
        my ($tag, $bits, $id) = @$_;
        my ($word, $account) = @{ $KIND{$tag} };
        my $name = $account ? $account->($id) // $id : '';
        my $rights = join '', map { $bits & $_->[0] ? $_->[1] : '-' } [4, 'r'], [2, 'w'], [1, 'x'];
        $base || $account || $word eq 'm' ? "$word:$name:$rights" : ()
    } _entries($value);
}

# [tag, rights, number of the account] each.
sub _entries {
    my ($value) = @_;
    my (undef, @field) = unpack 'L< (S< S< L<)*', $value;
    return map { [@field[3 * $_ .. 3 * $_ + 2]] } 0 .. @field / 3 - 1;
}

# Whether a list has entries for accounts, which it names by number.
sub names_accounts {
    my ($value) = @_;
    return !!grep { $KIND{ $_->[0] }[1] } _entries($value);
}

# The rights of the owning group: with a list, the group bits of the mode are the list's mask.
sub group_mode {
    my ($mode, $xattrs) = @_;
    return $mode unless $xattrs && $xattrs->{$ACL};
    my ($group) = map { $_->[1] } grep { $_->[0] == 0x04 } _entries($xattrs->{$ACL});
    return $mode & ~070 | $group << 3;
}

1;
