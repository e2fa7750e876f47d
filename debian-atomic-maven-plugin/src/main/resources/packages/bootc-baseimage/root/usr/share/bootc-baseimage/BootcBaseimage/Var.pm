package BootcBaseimage::Var;

# /var as a whole: seeded trees to the factory and their list, lines for tmpfiles.d, and what belongs to the build dropped.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Change;
use BootcBaseimage::Factory;
use BootcBaseimage::Files;
use BootcBaseimage::Names qw(shown);
use BootcBaseimage::Parents;
use BootcBaseimage::SeedList;
use BootcBaseimage::Sysimage;
use BootcBaseimage::Tmpfiles;
use BootcBaseimage::VarLines;
use BootcBaseimage::VarWalk;

our @EXPORT = qw(plan_var checked_var take_image_state finish_var var_differences var_parent_differences
    warn_of_seeds report_var);

# A warning names no more paths.
my $NAMED = 10;

# Looks at every path, so that all problems are known before the first change.
sub plan_var {
    read_tmpfiles();
    return walk_var();
}

# The same for all rules of --check, which change nothing.
my @checked;

sub checked_var {
    @checked = plan_var() unless @checked;
    return @checked;
}

sub take_image_state {
    my (@nodes) = @_;
    my @image = map { $_->{path} } grep { $_->{fate} eq 'image' } @nodes;
    take_into_sysimage(@image);
    drop_from_sysimage(@image);
    return;
}

# The copies first, then the list and the lines that name them, then the removals: a kill in between loses nothing.
sub finish_var {
    my (@nodes) = @_;
    renew_factory(@nodes);
    write_file($SEED_LIST, seed_list(@nodes));
    write_file($BootcBaseimage::Tmpfiles::OURS, tmpfiles_lines(@nodes));
    remove_tree($_->{path}) for grep { $_->{fate} eq 'drop' } @nodes;
    _empty($_->{path}) for _full_logs(@nodes);
    return;
}

sub _full_logs { return grep { $_->{fate} eq 'log' && $_->{stat}[7] > 0 } @_ }

sub _empty {
    my ($path) = @_;
    change 'empty ' . shown($path), sub { truncate $path, 0 or die shown($path) . ": $!\n"; utime stamp(), stamp(), $path };
    return;
}

# What finish_var would do, a sentence each.
sub var_differences {
    my (@nodes) = @_;
    my $ours = $BootcBaseimage::Tmpfiles::OURS;
    my ($stale, $extra) = factory_differences(@nodes);
    my %now = map { $_ => 1 } split /\n/, read_file($ours) // '';
    my %want = map { $_ => 1 } split /\n/, tmpfiles_lines(@nodes);
    my $listed = (read_file($SEED_LIST) // '') eq seed_list(@nodes);
    return (
        (map { shown($_) . ' is not in /usr/share/factory as it is here' } @$stale),
        (map { shown(factory_path($_)) . ' belongs to no seeded tree' } @$extra),
        ($listed ? () : "$SEED_LIST is not the list of the seeded trees of /var"),
        (map { "$ours lacks the line: $_" } grep { !$now{$_} } sort keys %want),
        (map { "$ours has a line for what is not in /var: $_" } grep { !$want{$_} } sort keys %now),
        (map { shown($_->{path}) . ' is of the build and should be gone' } grep { $_->{fate} eq 'drop' } @nodes),
        (map { shown($_->{path}) . ' has log entries of the build' } _full_logs(@nodes)),
    );
}

# Directories above copies of state that are open to others than their counterparts in /var.
sub var_parent_differences {
    my (@nodes) = @_;
    return parent_differences(factory_copies(@nodes), sysimage_copies(map { $_->{path} } grep { $_->{fate} eq 'image' } @nodes));
}

# Warns of state that does not reach machines which were given the trees of the previous image's list.
sub warn_of_seeds {
    my ($previous, @nodes) = @_;
    for my $late (late_seeds($previous, @nodes)) {
        my ($tree, @paths) = map { shown($_) } @$late;
        my $more = @paths > $NAMED && !$BootcBaseimage::Change::verbose ? @paths - $NAMED : 0;
        my $named = join ', ', @paths[0 .. $#paths - $more];
        warning("machines that were given $tree by the previous image do not get what is new or changed in it here: $named"
                . ($more ? " and $more more (--verbose names them)" : ''));
    }
    return;
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
