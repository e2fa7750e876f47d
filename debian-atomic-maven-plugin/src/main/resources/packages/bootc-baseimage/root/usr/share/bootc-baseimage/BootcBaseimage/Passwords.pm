package BootcBaseimage::Passwords;

# Accounts through which somebody gets in who has the image.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files;

our @EXPORT = qw(passwords superusers);

# The second file of each pair is the copy that passwd(1) and the like leave.
my %FILES = ('/etc/shadow' => 'account', '/etc/shadow-' => 'account', '/etc/gshadow' => 'group', '/etc/gshadow-' => 'group');

# Accounts and groups with a password that comes with the image, and accounts that need none.
sub passwords {
    my @found;
    for my $file (sort keys %FILES) {
        for my $line (split /\n/, read_file($file) // '') {
            my ($name, $password) = $line =~ /^([^:]+):([^:]*):/ or next;
            push @found, "$FILES{$file} $name has a password ($file)" if $password =~ /^[^!*]/;
            # A group without one is a group that nobody joins by a password.
            push @found, "$FILES{$file} $name needs no password ($file)" if $password eq '' && $file eq '/etc/shadow';
        }
    }
    push @found, map { "account $_->[0] has a password (/etc/passwd)" } grep { $_->[1] =~ /^[^!*x]/ } _accounts();
    push @found, map { "account $_->[0] needs no password (/etc/passwd)" } grep { $_->[1] eq '' } _accounts();
    return @found;
}

sub superusers {
    return map { "account $_->[0] has number 0 (/etc/passwd)" } grep { $_->[2] =~ /^0+\z/ && $_->[0] ne 'root' } _accounts();
}

sub _accounts {
    return grep { @$_ >= 7 } map { [split /:/, $_, -1] } split /\n/, read_file('/etc/passwd') // '';
}

1;
