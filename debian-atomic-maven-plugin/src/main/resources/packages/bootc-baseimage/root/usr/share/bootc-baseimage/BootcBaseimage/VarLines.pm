package BootcBaseimage::VarLines;

# The tmpfiles.d lines for the fates: with ":" an administrator's later chmod and chown stay, with names instead of
# numbers each machine's own accounts get the files, and "C" copies only what is missing or empty.

use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(S_IMODE);
use BootcBaseimage::Names qw(escape);
use BootcBaseimage::Shipped;
use BootcBaseimage::Sysimage;
use BootcBaseimage::Tmpfiles;
use BootcBaseimage::TopLevel;

our @EXPORT = qw(tmpfiles_lines);

my $HEADER = <<'HEADER';
# Written by bootc-baseimage-finalize: what /var of this image needs on a machine. Do not edit; say what should
# become of a path in /etc/bootc-baseimage/finalize.d and run it again.
HEADER

my %LINE = (
    directory => sub { _owned('d', @_) },
    fifo => sub { _owned('p', @_) },
    log => sub { _owned('f', @_) },
    seed => sub { 'C ' . escape($_[0]{path}) . ' - - - - -' },
    link => sub { _link($_[0]{path}, $_[0]{target}) },
    image => sub { _link($_[0]{path}, sysimage_link($_[0]{path})) },
);

sub tmpfiles_lines {
    my (@nodes) = @_;
    my $shipped = shipped('/var');
    my @lines;
    for my $node (@nodes) {
        my $line = $LINE{ $node->{fate} };
        if ($line) {
            push @lines, $line->($node);
        } elsif ($node->{fate} eq 'mount' && $node->{kind} eq 'directory' && !made_by($node->{path})) {
            push @lines, _owned('d', $node);
        } elsif ($node->{fate} eq 'seeded' && $shipped->{ $node->{path} } && !made_by($node->{path})) {
            # A directory that a package ships: a later version may bring one to a machine that is seeded already.
            push @lines, _owned('d', $node);
        }
    }
    # systemd and packages ask for directories there, and would complain of the links at each boot.
    push @lines, map { _link($_->[0], $_->[1]) } grep { made_by($_->[0]) } top_level_links(), kept_links();
    # What /media leads to; packages that use removable media make it as well.
    push @lines, 'd /run/media :0755 :root :root - -' unless made_by('/run/media');
    return $HEADER . join q{}, map { "$_\n" } @lines;
}

sub _owned {
    my ($type, $node) = @_;
    my (undef, undef, $mode, undef, $user, $group) = @{ $node->{stat} };
    return sprintf '%s %s :%04o :%s :%s - -', $type, escape($node->{path}), S_IMODE($mode), getpwuid($user) // $user,
        getgrgid($group) // $group;
}

# The argument is the rest of the line: it knows escapes and specifiers, but blanks end it only at its ends.
sub _link {
    my ($path, $target) = @_;
    $target =~ s/(^ | \z|[\x00-\x1f\x7f\\])/sprintf '\\x%02x', ord $1/ge;
    $target =~ s/%/%%/g;
    return 'L ' . escape($path) . " - - - - $target";
}

1;
