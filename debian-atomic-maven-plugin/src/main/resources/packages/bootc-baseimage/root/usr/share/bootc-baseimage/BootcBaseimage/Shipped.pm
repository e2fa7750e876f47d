package BootcBaseimage::Shipped;

# What the installed packages brought. Read from dpkg's lists themselves: "dpkg -S" for each path would take minutes.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files qw(entries read_file);

our @EXPORT = qw(shipped);

my %known;

# The paths below a directory: path => packages that ship it.
sub shipped {
    my ($directory) = @_;
    return $known{$directory} //= _read($directory);
}

sub _read {
    my ($directory) = @_;
    my %shipped;
    my $info = '/var/lib/dpkg/info';
    for my $list (grep { /\.list\z/ } entries($info)) {
        my $text = read_file("$info/$list") // next;
        my ($package) = $list =~ /^([^:]+?)(?::[^:]+)?\.list\z/;
        push @{ $shipped{$1} }, $package while $text =~ m{^(\Q$directory\E/.+)$}mg;
    }
    return \%shipped;
}

1;
