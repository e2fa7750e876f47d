package BootcBaseimage::Patterns;

# The path patterns of the tables: * and ? match within one component, ** stands for any number of directories.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(unescape);
use BootcBaseimage::Sysimage qw(sysimage_path);

our @EXPORT = qw(pattern expand true_place);

# In a finished image a path can have two names, one of them through a link of the top level.
my @ALIAS = (['/home', '/var/home'], ['/root', '/var/roothome'], ['/srv', '/var/srv'], ['/mnt', '/var/mnt'],
    ['/usr/local', '/var/usrlocal'], ['/opt', '/var/opt'], ['/media', '/run/media']);

# What a pattern needs to be matched: its names, and a regular expression for the path itself and for what is below.
sub pattern {
    my ($text, $where) = @_;
    $text = unescape($text);
    die "$where: expected an absolute path instead of \"$text\"\n" unless $text =~ m{^/};
    die "$where: $text has an empty, \".\" or \"..\" component; write the path without it\n" if $text =~ m{//|/\.\.?(?:/|\z)};
    $text =~ s{(?<=.)/+\z}{};
    my @names = ($text);
    for my $alias (@ALIAS) {
        push @names, $alias->[1] . substr $text, length $alias->[0] if $text =~ m{^\Q$alias->[0]\E(?:/|\z)};
    }
    my $depth = ($names[-1] =~ tr{/}{}) + ($text =~ /[*?]/ ? 0 : 0.5);
    # State of the image has moved there.
    push @names, map { sysimage_path($_) } grep { m{^/var/.} } @names;
    my $any = join '|', map { _regex($_) } @names;
    return {
        names => \@names,
        depth => $depth,
        exact => qr/^(?:$any)\z/s,
        below => $text eq '/' ? qr{^/}s : qr/^(?:$any)(?:\/|\z)/s,
    };
}

sub _regex {
    my ($text) = @_;
    my $regex = quotemeta $text;
    $regex =~ s{\\/\\\*\\\*(?=\\/)}{(?:/[^/]+)*}g;
    $regex =~ s/\\\*/[^\/]*/g;
    $regex =~ s/\\\?/[^\/]/g;
    return $regex;
}

# The existing paths that a pattern names. No link and no mount point on the way is followed.
sub expand {
    my ($pattern) = @_;
    my %found;
    for my $name (@{ $pattern->{names} }) {
        my (undef, @parts) = split m{/}, $name;
        $found{$_} = 1 for _expand('', @parts);
    }
    return sort keys %found;
}

sub _expand {
    my ($directory, $part, @rest) = @_;
    return if $directory ne '' && (-l $directory || !-d _ || is_mount($directory));
    if ($part eq '**') {
        my @below = grep { -d && !-l } map { "$directory/$_" } entries($directory eq '' ? '/' : $directory);
        return (_expand($directory, @rest), map { _expand($_, $part, @rest) } @below);
    }
    my $regex = _regex($part);
    my @names = $part =~ /[*?]/ ? grep { /^$regex\z/s } entries($directory eq '' ? '/' : $directory) : $part;
    my @paths = grep { exists_($_) && !is_mount($_) } map { "$directory/$_" } @names;
    return @rest ? map { _expand($_, @rest) } @paths : @paths;
}

# The path that a copy in the factory stands for.
sub true_place { return $_[0] =~ s{^/usr/share/factory(?=/)}{}r }

1;
