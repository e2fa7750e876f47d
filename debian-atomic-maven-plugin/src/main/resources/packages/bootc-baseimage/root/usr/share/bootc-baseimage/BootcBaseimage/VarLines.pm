package BootcBaseimage::VarLines;

# The tmpfiles.d lines for the fates: with ":" an administrator's later chmod and chown stay, and with names instead of
# numbers each machine's own accounts get the files.

use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(S_IMODE);
use BootcBaseimage::Names qw(escape);
use BootcBaseimage::Shipped;
use BootcBaseimage::Sysimage;
use BootcBaseimage::Tmpfiles;
use BootcBaseimage::TopLevel;
use BootcBaseimage::Xattrs;

our @EXPORT = qw(tmpfiles_lines);

my $HEADER = <<'HEADER';
# Written by bootc-baseimage-finalize: what /var of this image needs on a machine. Do not edit; say what should
# become of a path in /etc/bootc-baseimage/finalize.d and run it again.
HEADER

my %LINE = (
    directory => sub { _owned('d', @_) },
    fifo => sub { _owned('p', @_) },
    log => sub { _owned('f', @_) },
    # The other line knows nothing of a list that a maintainer script set.
    made => sub { _acl_line(@_) },
    seed => sub { _in_tree(@_) },
    seeded => sub { _in_tree(@_) },
    parent => sub { _in_tree(@_) },
    link => sub { _link($_[0]{path}, $_[0]{target}) },
    image => sub { _link($_[0]{path}, sysimage_link($_[0]{path})) },
);

sub tmpfiles_lines {
    my (@nodes) = @_;
    my @lines;
    for my $node (@nodes) {
        my $line = $LINE{ $node->{fate} };
        if ($line) {
            push @lines, $line->($node);
        } elsif ($node->{fate} eq 'mount' && $node->{kind} eq 'directory' && !made_by($node->{path})) {
            push @lines, _owned('d', $node);
        }
    }
    # systemd and packages ask for directories there, and would complain of the links at each boot.
    push @lines, map { _link($_->[0], $_->[1]) } grep { made_by($_->[0]) } top_level_links(), kept_links();
    # What /media leads to; packages that use removable media make it as well.
    push @lines, 'd /run/media :0755 :root :root - -' unless made_by('/run/media');
    return $HEADER . join q{}, map { "$_\n" } @lines;
}

# bootc-baseimage-seed makes the trees, once. "x" does nothing at boot: it names the path to bootc's lint. ("z" with dashes
# does nothing either, but opens the path, and complains of a file of root's in a directory of an account's.)
# A directory that a package ships is made at each boot, as each upgrade of the package would make it on Debian: a later
# version may bring one to a machine that has the tree already.
sub _in_tree {
    my ($node) = @_;
    my $path = $node->{path};
    return if made_by($path);
    return $node->{kind} eq 'directory' && shipped('/var')->{$path} ? _owned('d', $node) : 'x ' . escape($path);
}

# With a list of access rights the mode has the rights of the owning group, and "a+" adds the list.
sub _owned {
    my ($type, $node) = @_;
    my (undef, undef, $mode, undef, $user, $group) = @{ $node->{stat} };
    return (
        sprintf('%s %s :%04o :%s :%s - -', $type, escape($node->{path}), S_IMODE(group_mode($mode, $node->{xattrs})),
            getpwuid($user) // $user, getgrgid($group) // $group),
        _acl_line($node),
    );
}

sub _acl_line {
    my ($node) = @_;
    my $xattrs = $node->{xattrs} // {};
    my @entries = ((map { acl_entries($_) } grep { defined } $xattrs->{$ACL}),
        map { "d:$_" } map { acl_entries($_, 1) } grep { defined } $xattrs->{$DEFAULT_ACL});
    return if !@entries || has_acl_line($node->{path});
    return 'a+ ' . escape($node->{path}) . ' - - - - ' . join ',', @entries;
}

# The argument is the rest of the line: it knows escapes and specifiers, but blanks end it only at its ends.
sub _link {
    my ($path, $target) = @_;
    $target =~ s/(^ | \z|[\x00-\x1f\x7f\\])/sprintf '\\x%02x', ord $1/ge;
    $target =~ s/%/%%/g;
    return 'L ' . escape($path) . " - - - - $target";
}

1;
