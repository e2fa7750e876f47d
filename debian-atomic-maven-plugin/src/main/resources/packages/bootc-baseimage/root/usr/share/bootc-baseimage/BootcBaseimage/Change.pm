package BootcBaseimage::Change;

# The one gate through which finalize alters the root: counts each change, tells it, and in a dry run does not make it.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(change warning problem problems counts);

our $dry_run = 0;
our $verbose = 0;
my ($changes, @warnings, @problems) = (0);

# change('what is done', sub { do it })
sub change {
    my ($what, $code) = @_;
    $changes++;
    print $dry_run ? "would $what\n" : "$what\n" if $verbose;
    $code->() unless $dry_run;
    return;
}

sub warning {
    my ($text) = @_;
    push @warnings, $text;
    print STDERR "bootc-baseimage-finalize: warning: $text\n";
    return;
}

# Something that finalize cannot decide. All of them are collected before anything is changed.
sub problem { push @problems, @_; return }

sub problems { return @problems }

sub counts { return ($changes, scalar @warnings) }

1;
