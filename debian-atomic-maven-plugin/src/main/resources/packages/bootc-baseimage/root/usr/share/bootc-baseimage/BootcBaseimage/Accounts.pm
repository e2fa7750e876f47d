package BootcBaseimage::Accounts;

# The lines of /etc/passwd and /etc/group, with the place where each is.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files;
use BootcBaseimage::Names qw(shown);

our @EXPORT = qw(users groups is_system account_text);

# The numbers that packages use for accounts of the system (Debian Policy, 9.2.2); 65534 is nobody's.
sub is_system { return $_[0] <= 999 || $_[0] >= 60000 && $_[0] <= 64999 }

# Those of another root, where one is named.
sub users {
    my ($root) = @_;
    return map {
        my ($where, $name, undef, $uid, $gid, $gecos, $home, $shell) = @$_;
        my $said = "$where: user " . shown($name) . ' has';
        { where => $said, name => $name, uid => $uid, gid => $gid, gecos => $gecos, home => $home, shell => $shell }
    } grep { $_->[4] =~ /^\d+\z/ } _rows(($root // '') . '/etc/passwd', 7);
}

sub groups {
    my ($root) = @_;
    return map {
        my ($where, $name, undef, $gid, $members) = @$_;
        my $said = "$where: group " . shown($name) . ' has';
        { where => $said, name => $name, gid => $gid, members => [split /,/, $members // ''] }
    } _rows(($root // '') . '/etc/group', 3);
}

# "file:line" and the fields of each account; lines of NIS (+ and -) are none.
sub _rows {
    my ($file, $fields) = @_;
    my $number = 0;
    my @rows = map { $number++; /^[^#+\-:][^:]*:/ ? ["$file:$number", split /:/, $_, -1] : () }
        split /\n/, read_file($file) // die "$file: $!\n";
    return grep { @$_ > $fields && $_->[3] =~ /^\d+\z/ } @rows;
}

# What two records of one account are compared by.
sub account_text {
    my ($entry) = @_;
    return "number $entry->{gid}" unless exists $entry->{uid};
    my $home = $entry->{home} || '/';
    $home =~ s{/+}{/}g;
    $home =~ s{(?<=.)/\z}{};
    my $gecos = $entry->{gecos} eq '-' ? '' : $entry->{gecos};
    return shown("numbers $entry->{uid}:$entry->{gid}, \"$gecos\", $home, " . ($entry->{shell} || '/bin/sh')) =~ s/\\x(20|22)/chr hex $1/ger;
}

1;
