package BootcBaseimage::Tmpfiles;

# What the tmpfiles.d lines of others make at boot.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files qw(entries read_file);
use BootcBaseimage::Names qw(unescape);

our @EXPORT = qw(read_tmpfiles made_by has_acl_line previous_lines);

# Ours. It sorts first, and for one path the first file's line wins.
our $OURS = '/usr/lib/tmpfiles.d/00-bootc-baseimage.conf';

my @FOLDERS = qw(/etc/tmpfiles.d /usr/local/lib/tmpfiles.d /usr/lib/tmpfiles.d);

# The other types (e x X z Z r R a …) create nothing.
my %CREATES = map { $_ => 1 } qw(f F d D v q Q L p c b C);

my %SPECIFIER = ('%' => '%', S => '/var/lib', C => '/var/cache', L => '/var/log', V => '/var/tmp', T => '/tmp', t => '/run');

my (%made, %acl);

sub read_tmpfiles {
    %made = %acl = ();
    my %file;
    for my $folder (@FOLDERS) {
        $file{$_} //= "$folder/$_" for grep { /\.conf\z/ } entries($folder);
    }
    for my $name (sort keys %file) {
        next if $file{$name} eq $OURS;
        for my $line (split /\n/, read_file($file{$name}) // '') {
            my $item = _parse($line) or next;
            $made{$item->{path}} //= $item if $CREATES{$item->{type}};
            $acl{$item->{path}} = 1 if $item->{type} =~ /^[aA]/;
        }
    }
    return;
}

# The line of others that makes this path: {type, path, age}.
sub made_by { return $made{$_[0]} }

# Whether a line of others gives this path its access control list.
sub has_acl_line { return $acl{$_[0]} }

# What our own file of an earlier run says.
sub previous_lines { return grep { $_ } map { _parse($_) } split /\n/, read_file($OURS) // '' }

sub _parse {
    my ($line) = @_;
    return if $line =~ /^\s*(#|\z)/;
    my ($type, $path, undef, undef, undef, $age, $argument) = $line =~ /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S+)/g;
    return unless defined $path;
    $path = unescape($path);
    my $known = 1;
    $path =~ s/%(.)/defined $SPECIFIER{$1} ? $SPECIFIER{$1} : ($known = 0, '')[1]/gse;
    return unless $known;
    $path =~ s{//+}{/}g;
    $path =~ s{(?<=.)/\z}{};
    # The old name of /run.
    $path =~ s{^/var/run/}{/run/};
    return {
        type => substr($type, 0, 1),
        path => $path,
        age => defined $age && $age ne '-' ? $age : undef,
        argument => $argument,
    };
}

1;
