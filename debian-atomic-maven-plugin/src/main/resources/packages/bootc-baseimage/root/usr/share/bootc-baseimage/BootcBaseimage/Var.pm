package BootcBaseimage::Var;

# /var as a whole: seeded trees to the factory, lines for tmpfiles.d, and what belongs to the build dropped.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Factory;
use BootcBaseimage::Files;
use BootcBaseimage::Names qw(shown);
use BootcBaseimage::Sysimage;
use BootcBaseimage::Tmpfiles;
use BootcBaseimage::VarLines;
use BootcBaseimage::VarWalk;

our @EXPORT = qw(plan_var take_image_state finish_var var_differences report_var);

# Looks at every path, so that all problems are known before the first change.
sub plan_var {
    read_tmpfiles();
    return walk_var();
}

sub take_image_state {
    my (@nodes) = @_;
    my @image = map { $_->{path} } grep { $_->{fate} eq 'image' } @nodes;
    take_into_sysimage(@image);
    drop_from_sysimage(@image);
    return;
}

# The copies first, then the lines that name them, then the removals: a kill in between loses nothing.
sub finish_var {
    my (@nodes) = @_;
    renew_factory(@nodes);
    write_file($BootcBaseimage::Tmpfiles::OURS, tmpfiles_lines(@nodes));
    remove_tree($_->{path}) for grep { $_->{fate} eq 'drop' } @nodes;
    return;
}

# What finish_var would do, a sentence each.
sub var_differences {
    my (@nodes) = @_;
    my $ours = $BootcBaseimage::Tmpfiles::OURS;
    my ($stale, $extra) = factory_differences(@nodes);
    my %now = map { $_ => 1 } split /\n/, read_file($ours) // '';
    my %want = map { $_ => 1 } split /\n/, tmpfiles_lines(@nodes);
    return (
        (map { shown($_) . ' is not in /usr/share/factory as it is here' } @$stale),
        (map { shown(factory_path($_)) . ' is seeded by no line' } @$extra),
        (map { "$ours lacks the line: $_" } grep { !$now{$_} } sort keys %want),
        (map { "$ours has a line for what is not in /var: $_" } grep { !$want{$_} } sort keys %now),
        (map { shown($_->{path}) . ' is of the build and should be gone' } grep { $_->{fate} eq 'drop' } @nodes),
    );
}

# Counts of the fates, and with --verbose each path with its own.
sub report_var {
    my (@nodes) = @_;
    my %count;
    for my $node (@nodes) {
        $count{ $node->{fate} }++;
        printf "%-9s %s\n", $node->{fate}, shown($node->{path}) if $BootcBaseimage::Change::verbose;
    }
    print '/var: ', join(', ', map { "$count{$_} $_" } sort keys %count), "\n";
    return;
}

1;
