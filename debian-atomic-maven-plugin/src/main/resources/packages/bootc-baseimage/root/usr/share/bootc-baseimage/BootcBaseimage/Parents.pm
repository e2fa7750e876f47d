package BootcBaseimage::Parents;

# The directories above a copy of state have mode and owner of their counterparts in /var, from the moment they are
# made: what only an account may reach in /var is not open to all in the copy.

use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(S_IMODE);
use File::Basename qw(dirname);
use BootcBaseimage::Change;
use BootcBaseimage::Names qw(shown);
use BootcBaseimage::Xattrs;

our @EXPORT = qw(make_parents mend_parents parent_differences);

# make_parents(COPY, PATH, TOP): the directories between TOP, which exists, and the copy of PATH.
sub make_parents {
    my ($copy, $path, $top) = @_;
    my @missing = grep { !-d $_->[0] } _pairs($copy, $path, $top);
    for my $pair (@missing) {
        my ($directory) = @$pair;
        mkdir $directory, 0700 or die shown($directory) . ": $!\n";
        _give(@$pair);
    }
    return;
}

# An earlier version of finalize, or a build step, gave them other rights.
sub mend_parents {
    my (@copies) = @_;
    for my $pair (_different(@copies)) {
        change 'give ' . shown($pair->[0]) . ' mode and owner of ' . shown($pair->[1]), sub { _give(@$pair) };
    }
    return;
}

# A sentence for each directory above the copies that differs; a copy is [COPY, PATH, TOP].
sub parent_differences {
    my (@copies) = @_;
    return map {
        my ($directory, $counterpart) = @$_;
        sprintf '%s has %s, and %s has %s', shown($directory), _rights($directory), shown($counterpart), _rights($counterpart)
    } _different(@copies);
}

sub _different {
    my (@copies) = @_;
    my (%seen, @found);
    for my $pair (map { _pairs(@$_) } @copies) {
        my ($directory, $counterpart) = @$pair;
        next if $seen{$directory}++ || !-d $directory || !-d $counterpart;
        push @found, $pair if _rights($directory) ne _rights($counterpart);
    }
    return @found;
}

# [directory of the copy, its counterpart] for each directory above it, the topmost first.
sub _pairs {
    my ($copy, $path, $top) = @_;
    my @pairs;
    for (my ($directory, $counterpart) = (dirname($copy), dirname($path)); length $directory > length $top;
        ($directory, $counterpart) = (dirname($directory), dirname($counterpart))) {
        unshift @pairs, [$directory, $counterpart];
    }
    return @pairs;
}

# Without access control lists: whoever they name has no business in the copy.
sub _give {
    my ($directory, $counterpart) = @_;
    my @stat = stat $counterpart or die shown($counterpart) . ": $!\n";
    chown $stat[4], $stat[5], $directory or die shown($directory) . ": $!\n";
    chmod _mode($counterpart, $stat[2]), $directory or die shown($directory) . ": $!\n";
    return;
}

sub _mode {
    my ($directory, $mode) = @_;
    return group_mode(S_IMODE($mode), xattrs($directory));
}

sub _rights {
    my ($directory) = @_;
    my @stat = stat $directory or return 'nothing';
    return sprintf '%04o %d:%d', _mode($directory, $stat[2]), @stat[4, 5];
}

1;
