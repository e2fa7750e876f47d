package BootcBaseimage::Users;

# Accounts and their numbers. A machine whose /etc/passwd was changed no longer gets the image's; systemd-sysusers then
# makes what is missing, and must give it the number that the image's files carry.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Change;
use BootcBaseimage::Files;
use BootcBaseimage::Names qw(escape unescape);

our @EXPORT = qw(ids_lines ids_file write_ids seed_ids drift_from_ids accounts_without_line);

# Sorts first: for one account the first file's line wins.
sub ids_file { return '/usr/lib/sysusers.d/00-bootc-baseimage-ids.conf' }

my $HEADER = <<'EOT';
# Written by bootc-baseimage-finalize: the numbers of this image's accounts. "bootc-baseimage-finalize --ids" takes
# a file of this form.
EOT

# The numbers that packages use for accounts of the system (Debian Policy, 9.2.2); 65534 is nobody's.
sub _is_system { return $_[0] <= 999 || $_[0] >= 60000 && $_[0] <= 64999 }

sub ids_lines {
    my %fixed = _fixed_elsewhere();
    my (@groups, @users, @members, %system);
    my @passwd = _table('/etc/passwd', 7);
    my @group = _table('/etc/group', 3);
    for my $entry (sort { $a->[2] <=> $b->[2] || $a->[0] cmp $b->[0] } @group) {
        my ($name, undef, $gid) = @$entry;
        push @groups, "g $name $gid" if _is_system($gid) && ($fixed{"g $name"} // -1) != $gid;
    }
    for my $entry (sort { $a->[2] <=> $b->[2] || $a->[0] cmp $b->[0] } @passwd) {
        my ($name, undef, $uid, $gid, $gecos, $home, $shell) = @$entry;
        next unless _is_system($uid);
        $system{$name} = 1;
        push @users, join ' ', "u $name $uid:$gid", map { _field($_) } $gecos, $home, $shell
            if ($fixed{"u $name"} // -1) != $uid;
    }
    for my $entry (sort { $a->[0] cmp $b->[0] } @group) {
        my ($name, undef, $gid, $list) = @$entry;
        push @members, map { "m $_ $name" } sort grep { $system{$_} } split /,/, $list // '' if _is_system($gid);
    }
    return $HEADER . join q{}, map { "$_\n" } @groups, @users, @members;
}

sub _field {
    my ($text) = @_;
    return '-' if !defined $text || $text eq '';
    $text = escape($text);
    $text =~ s/\\x20/ /g;
    return $text =~ / / ? "\"$text\"" : $text;
}

sub _table {
    my ($file, $fields) = @_;
    my @rows = map { [split /:/, $_, -1] } grep { /^[^#+\-:][^:]*:/ } split /\n/, read_file($file) // die "$file: $!\n";
    return grep { @$_ >= $fields && $_->[2] =~ /^\d+\z/ } @rows;
}

# The numbers that lines of files other than ours give: "u name" => number. The account need not have it.
sub _fixed_elsewhere {
    my %line = _lines_except(ids_file());
    return map { defined $line{$_} ? ($_ => $line{$_}) : () } keys %line;
}

sub _lines_except {
    my ($ours) = @_;
    my %file;
    for my $folder (qw(/etc/sysusers.d /usr/local/lib/sysusers.d /usr/lib/sysusers.d)) {
        $file{$_} //= "$folder/$_" for grep { /\.conf\z/ } entries($folder);
    }
    my %line;
    for my $path (map { $file{$_} } sort keys %file) {
        next if $path eq $ours;
        for my $line (_read_lines($path)) {
            $line{"$line->{type} $line->{name}"} //= $line->{id};
            # A "u" line makes the group of the same name too.
            $line{"g $line->{name}"} //= undef if $line->{type} eq 'u';
        }
    }
    return %line;
}

# The "u" and "g" lines of a sysusers.d file: { type, name, id, gid }.
sub _read_lines {
    my ($path) = @_;
    my @lines;
    for my $line (split /\n/, read_file($path) // die "$path: $!\n") {
        my ($type, $name, $id) = split ' ', $line;
        next unless defined $name && $type =~ /^[ug]!?\z/;
        my ($number, $group) = ($id // '-') =~ /^(\d+)(?::(\S+))?\z/;
        push @lines, { type => substr($type, 0, 1), name => unescape($name), id => $number, gid => $group };
    }
    return @lines;
}

# bootc's lint asks for them: accounts of people belong to machines, not to images.
sub accounts_without_line {
    my %line = _lines_except('');
    my @found;
    for my $kind (['u', '/etc/passwd', 7], ['g', '/etc/group', 3]) {
        my ($type, $file, $fields) = @$kind;
        push @found, map { "$_->[0] of $file ($_->[2])" } grep { !exists $line{"$type $_->[0]"} } _table($file, $fields);
    }
    return @found;
}

sub write_ids { return write_file(ids_file(), ids_lines()) }

# Makes the accounts of FILE before their packages are installed, so that two builds agree.
sub seed_ids {
    my ($file) = @_;
    change "make the accounts of $file", sub { run('systemd-sysusers', $file) };
    return drift_from_ids($file);
}

# Sentences for accounts whose number is not the one of FILE; systemd-sysusers itself takes another in silence.
sub drift_from_ids {
    my ($file) = @_;
    my %passwd = map { $_->[0] => $_ } _table('/etc/passwd', 7);
    my %group = map { $_->[0] => $_ } _table('/etc/group', 3);
    my @found;
    for my $line (grep { defined $_->{id} } _read_lines($file)) {
        my $name = $line->{name};
        my $kind = $line->{type} eq 'u' ? 'user' : 'group';
        my $entry = $kind eq 'user' ? $passwd{$name} : $group{$name};
        next unless $entry;
        push @found, "$kind $name has number $entry->[2], $file says $line->{id}" if $entry->[2] != $line->{id};
        my $gid = $line->{gid};
        next unless defined $gid && $gid =~ /^\d+\z/ && $kind eq 'user';
        push @found, "user $name has the group number $entry->[3], $file says $gid" if $entry->[3] != $gid;
    }
    return @found;
}

1;
