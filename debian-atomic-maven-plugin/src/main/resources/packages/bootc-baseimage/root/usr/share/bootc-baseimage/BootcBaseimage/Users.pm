package BootcBaseimage::Users;

# Accounts and their numbers. A machine whose /etc/passwd was changed no longer gets the image's; systemd-sysusers then
# makes what is missing, and must give it the number that the image's files carry.
#
# ids.conf records every account of the system. Only our own unit reads it, before systemd-sysusers reads sysusers.d: an
# account that a package and a file of ours both named there would be a warning at each boot. sysusers.d gets the accounts
# and members of groups that no package names; systemd reads it after an update only.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Accounts;
use BootcBaseimage::Change;
use BootcBaseimage::Files;
use BootcBaseimage::Sysusers;

our @EXPORT = qw(problems_of_ids write_ids ids_differences seed_ids drift_from_ids accounts_without_line);

my $IDS = '/usr/lib/bootc-baseimage/ids.conf';
my $SYSUSERS = '/usr/lib/sysusers.d/00-bootc-baseimage-ids.conf';

my %HEADER = ($IDS => <<'IDS', $SYSUSERS => <<'SYSUSERS');
# Written by bootc-baseimage-finalize: the numbers of this image's accounts, in the form of sysusers.d(5). Only
# bootc-baseimage-sysusers.service and "bootc-baseimage-finalize --ids" read it.
IDS
# Written by bootc-baseimage-finalize: the accounts and members of groups that no package has a line for.
SYSUSERS

# The text of both files, by path.
sub _texts {
    my %named = lines_except($SYSUSERS);
    my @lines = _lines(%named);
    my @unnamed = grep { !exists $named{ $_->{key} } } @lines;
    return (
        # Not the members of groups: our unit runs at each boot, and would give back what an administrator took away.
        $IDS => $HEADER{$IDS} . join(q{}, map { "$_->{text}\n" } grep { $_->{key} !~ /^m/ } @lines),
        $SYSUSERS => $HEADER{$SYSUSERS} . join(q{}, map { "$_->{text}\n" } @unnamed),
    );
}

# { key, text, entry } for each account of the system: groups, users, members.
sub _lines {
    my (%named) = @_;
    my @users = sort { $a->{uid} <=> $b->{uid} || $a->{name} cmp $b->{name} } grep { is_system($_->{uid}) } users();
    my %primary = map { $_->{gid} => 1 } @users;
    my @groups = sort { $a->{gid} <=> $b->{gid} || $a->{name} cmp $b->{name} }
        grep { is_system($_->{gid}) || $primary{ $_->{gid} } } groups();
    my %system = map { $_->{name} => 1 } @users;
    my @members;
    for my $group (sort { $a->{name} cmp $b->{name} } grep { is_system($_->{gid}) } @groups) {
        push @members, map { [$_, $group] } sort grep { $system{$_} } @{ $group->{members} };
    }
    return (
        (map { { key => "g $_->{name}", text => sysusers_line('g', $_->{name}, $_->{gid}), entry => $_ } } @groups),
        (map { { key => "u $_->{name}", text => _user_line($named{"u $_->{name}"}, $_), entry => $_ } } @users),
        (map { { key => "m $_->[0] $_->[1]{name}", text => sysusers_line('m', $_->[0], $_->[1]{name}), entry => $_->[1] } } @members),
    );
}

# An account that its package locks ("u!") stays locked. An empty shell is /bin/sh, an empty home is /.
sub _user_line {
    my ($named, $user) = @_;
    my $type = $named && $named->{type} eq 'u!' ? 'u!' : 'u';
    return sysusers_line($type, $user->{name}, "$user->{uid}:$user->{gid}", $user->{gecos}, $user->{home}, $user->{shell} || '/bin/sh');
}

# Every account must come out of systemd-sysusers as it is here. What cannot is a problem that names it.
sub problems_of_ids {
    my @lines = _lines(lines_except($SYSUSERS));
    my %group = map { $_->{gid} => 1 } groups();
    my @possible;
    for my $line (@lines) {
        my $entry = $line->{entry};
        if ($line->{key} =~ /^u/ && !$group{ $entry->{gid} }) {
            problem("$entry->{where} the group number $entry->{gid}, which no line of /etc/group has; add that group or remove the user");
        } else {
            push @possible, $line;
        }
    }
    my %rejected = rejected_lines(map { $_->{text} } @possible);
    for my $number (sort { $a <=> $b } keys %rejected) {
        my $entry = $possible[$number]{entry};
        problem("$entry->{where} what systemd-sysusers rejects: $rejected{$number}; rename, change or remove the account")
            unless $possible[$number]{key} =~ /^m/;
    }
    return if %rejected;
    my %made = made_of(map { $_->{text} } @possible);
    for my $line (grep { $_->{key} =~ /^[gu]/ } @possible) {
        my ($found, $expected) = ($made{ $line->{key} } // 'nothing', account_text($line->{entry}));
        problem("$line->{entry}{where} an account that systemd-sysusers cannot make: expected $expected, found $found; change or remove it")
            if $found ne $expected;
    }
    return;
}

sub write_ids {
    my %text = _texts();
    write_file($_, $text{$_}) for sort keys %text;
    return;
}

# Sentences for lines that are missing, or for no account.
sub ids_differences {
    my %text = _texts();
    my @found;
    for my $file (sort keys %text) {
        my %now = map { $_ => 1 } split /\n/, read_file($file) // '';
        my %want = map { $_ => 1 } split /\n/, $text{$file};
        push @found, map { "$file lacks: $_" } grep { !$now{$_} } sort keys %want;
        push @found, map { "$file has, for no account: $_" } grep { !$want{$_} } sort keys %now;
    }
    return @found;
}

# bootc's lint asks for them: accounts of people belong to machines, not to images.
sub accounts_without_line {
    my %line = lines_except('');
    return ((map { "$_->{name} of /etc/passwd ($_->{uid})" } grep { !exists $line{"u $_->{name}"} } users()),
        (map { "$_->{name} of /etc/group ($_->{gid})" } grep { !exists $line{"g $_->{name}"} } groups()));
}

# Makes the accounts of FILE before their packages are installed, so that two builds agree.
sub seed_ids {
    my ($file) = @_;
    change "make the accounts of $file", sub { run('systemd-sysusers', $file) };
    return drift_from_ids($file);
}

# Sentences for accounts whose number is not the one of FILE; systemd-sysusers itself takes another in silence.
sub drift_from_ids {
    my ($file) = @_;
    my %user = map { $_->{name} => $_ } users();
    my %group = map { $_->{name} => $_ } groups();
    my @found;
    for my $line (grep { defined $_->{id} } read_lines($file)) {
        my $name = $line->{name};
        my $is_user = $line->{type} =~ /^u/;
        my $entry = $is_user ? $user{$name} : $group{$name};
        next unless $entry;
        my ($kind, $number) = $is_user ? ('user', $entry->{uid}) : ('group', $entry->{gid});
        push @found, "$kind $name has number $number, $file says $line->{id}" if $number != $line->{id};
        my $gid = $line->{gid};
        next unless $is_user && defined $gid && $gid =~ /^\d+\z/;
        push @found, "user $name has the group number $entry->{gid}, $file says $gid" if $entry->{gid} != $gid;
    }
    return @found;
}

1;
