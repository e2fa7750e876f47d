package BootcBaseimage::OsRelease;

# /usr/lib/os-release: image builders need a VERSION_ID, which forky and sid do not have until they are released.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Fates;
use BootcBaseimage::Files;

our @EXPORT = qw(set_os_release os_release);

my $FILE = '/usr/lib/os-release';

sub os_release {
    return map { /^([A-Z_0-9]+)=(.*)\z/ ? ($1, $2) : () } split /\n/, read_file($FILE) // '';
}

# The lines "os-release KEY=VALUE" of the drop-ins.
sub set_os_release {
    my %wanted = os_release_settings();
    return unless %wanted;
    my @lines = split /\n/, read_file($FILE) // '';
    for my $key (sort keys %wanted) {
        my $line = "$key=$wanted{$key}";
        push @lines, $line unless grep { s/^\Q$key\E=.*/$line/ } @lines;
    }
    return write_file($FILE, join q{}, map { "$_\n" } @lines);
}

1;
