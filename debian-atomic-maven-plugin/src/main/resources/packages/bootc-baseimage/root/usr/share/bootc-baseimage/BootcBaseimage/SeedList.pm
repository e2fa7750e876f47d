package BootcBaseimage::SeedList;

# The list of the trees of /var that each machine is given once. Read on machines by "seed", compared with the list of
# the previous image by finalize. A line each, blanks and the like in names as \x20:
#
#   tree PATH                        a tree, and of everything in it:
#   KIND MODE USER GROUP WHAT PATH   WHAT is a file's SHA-256 or a link's target; + behind MODE: a list of access
#                                    rights (ACL) as well, MODE has the rights of the owning group without it
#
# The kind "parent" is a directory above the tree that belongs to an account; it is no part of the tree.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Names qw(shown unescape);

our @EXPORT = qw($SEED_LIST seed_list_line seed_tree_line read_seed_trees read_seed_list);

our $SEED_LIST = '/usr/lib/bootc-baseimage/seed.list';

sub seed_tree_line { return 'tree ' . shown($_[0]) . "\n" }

sub seed_list_line {
    my ($entry) = @_;
    return join(' ', @$entry{qw(kind mode user group)}, map { shown($_) } @$entry{qw(what path)}) . "\n";
}

# The paths of the trees, in the order of the list; nothing else of it is looked at.
sub read_seed_trees {
    my ($file) = @_;
    return map { /^tree (.+)\z/ ? unescape($1) : () } _lines($file);
}

# The trees: path => { path of an entry => entry }.
sub read_seed_list {
    my ($file) = @_;
    my (%trees, $tree);
    for my $line (_lines($file)) {
        if ($line =~ /^tree (.+)\z/) {
            $tree = $trees{ unescape($1) } = {};
        } elsif (my ($kind, $mode, $user, $group, $what, $path) = $line =~ /^([a-z]+) ([0-7]+\+?) (\S+) (\S+) (\S+) (\S+)\z/) {
            die "$file: \"$line\" is before the first tree; expected a list that bootc-baseimage-finalize wrote\n" unless $tree;
            my %entry = (kind => $kind, mode => $mode, user => $user, group => $group, what => unescape($what), path => unescape($path));
            $tree->{ $entry{path} } = \%entry;
        } else {
            die "$file: \"$line\" is no line of a list of seed trees; give the $SEED_LIST of the previous image\n";
        }
    }
    return \%trees;
}

sub _lines {
    my ($file) = @_;
    open my $list, '<:raw', $file or die "$file: $!\n";
    chomp(my @lines = <$list>);
    close $list;
    return grep { !/^(?:#|\z)/ } @lines;
}

1;
