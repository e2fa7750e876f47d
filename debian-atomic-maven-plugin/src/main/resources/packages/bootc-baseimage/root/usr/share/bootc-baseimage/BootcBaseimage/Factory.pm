package BootcBaseimage::Factory;

# /usr/share/factory/var: the seeded trees as they are in /var, owners, holes and attributes included.

use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempfile);
use BootcBaseimage::Change;
use BootcBaseimage::Files;
use BootcBaseimage::Names qw(shown);
use BootcBaseimage::Replace;

our @EXPORT = qw(factory_path factory_differences renew_factory);

sub factory_path { return '/usr/share/factory' . $_[0] }

# The seeded trees of a walk: root path => nodes that belong to the copy.
sub _trees {
    my (@nodes) = @_;
    my (%trees, $root);
    for my $node (@nodes) {
        if ($node->{fate} eq 'seed') {
            $root = $node->{path};
            $trees{$root} = [$node];
        } elsif ($node->{fate} eq 'seeded' || $node->{fate} eq 'mount' && $root && $node->{path} =~ m{^\Q$root\E/}) {
            push @{ $trees{$root} }, $node;
        }
    }
    return \%trees;
}

# Seeded paths whose copy is missing or differs, and copies that nothing seeds any more.
sub factory_differences {
    my (@nodes) = @_;
    my $trees = _trees(@nodes);
    my @stale = grep { !_is_copied($trees->{$_}) } sort keys %$trees;
    my %used = map { $_->{path} => 1 } map { @$_ } values %$trees;
    for my $path (keys %$trees) {
        $used{$path} = 1 while ($path = dirname($path)) ne '/';
    }
    return (\@stale, [_extra('/var', \%used)]);
}

sub _extra {
    my ($path, $used) = @_;
    return map {
        !$used->{$_} ? $_ : -d factory_path($_) && !-l factory_path($_) ? _extra($_, $used) : ()
    } map { "$path/$_" } entries(factory_path($path));
}

sub renew_factory {
    my (@nodes) = @_;
    my $trees = _trees(@nodes);
    my ($stale, $extra) = factory_differences(@nodes);
    remove_tree(factory_path($_)) for @$extra;
    for my $root (@$stale) {
        my $count = @{ $trees->{$root} };
        change 'copy ' . shown($root) . " ($count) to " . shown(factory_path($root)), sub { _copy($root, $trees->{$root}) };
    }
    return;
}

sub _is_copied {
    my ($nodes) = @_;
    for my $node (@$nodes) {
        my $copy = factory_path($node->{path});
        my @stat = lstat $copy or return 0;
        return 0 if grep { $stat[$_] != $node->{stat}[$_] } 2, 4, 5;
        return 0 if $node->{kind} eq 'file' && !same_file($node->{path}, $copy);
        return 0 if $node->{kind} eq 'link' && readlink($copy) ne $node->{target};
    }
    return 1;
}

sub _copy {
    my ($root, $nodes) = @_;
    my $new = factory_path($root) . $NEW;
    remove_tree($new);
    make_path(dirname($new));
    if ($nodes->[0]{kind} eq 'directory') {
        mkdir $new or die "$new: $!\n";
        _copy_tree($root, $new, map { substr $_->{path}, length $root } @$nodes);
    } else {
        copy($root, $new);
    }
    replace($new, factory_path($root));
    return;
}

# tar and not cp, because dropped paths, links to the image and mount points inside the tree stay out of the copy.
sub _copy_tree {
    my ($from, $to, @names) = @_;
    my ($list, $list_name) = tempfile('bootc-baseimage.XXXXXX', TMPDIR => 1, UNLINK => 1);
    binmode $list;
    print {$list} ".$_\0" for @names;
    close $list or die "$list_name: $!\n";
    my @same = qw(--numeric-owner --acls --xattrs --xattrs-include=*);
    open my $archive, '-|', 'tar', '--create', '--directory', $from, '--format=posix', '--sparse', @same,
        '--no-recursion', '--null', '--verbatim-files-from', '--files-from', $list_name
        or die "tar: $!\n";
    open my $input, '<&', \*STDIN or die "standard input: $!\n";
    open STDIN, '<&', $archive or die "standard input: $!\n";
    my $failed = system 'tar', '--extract', '--directory', $to, '--same-permissions', '--same-owner', @same;
    open STDIN, '<&', $input or die "standard input: $!\n";
    close $archive or die 'tar cannot read all of ' . shown($from) . "\n";
    die 'tar cannot copy ' . shown($from) . "\n" if $failed;
    unlink $list_name;
    return;
}

1;
