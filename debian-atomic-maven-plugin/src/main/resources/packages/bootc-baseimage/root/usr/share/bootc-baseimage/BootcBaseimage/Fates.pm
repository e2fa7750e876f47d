package BootcBaseimage::Fates;

# What becomes of a path: the lines of fates.conf and of the drop-ins. The most specific pattern wins, among equal ones
# the later line.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Change;
use BootcBaseimage::Files;
use BootcBaseimage::Patterns;
use BootcBaseimage::Tables;

our @EXPORT = qw(read_fates fate waived remember_drops drop_elsewhere dropped_elsewhere warn_of_idle_lines os_release_settings);

# The fates of state; outside /var only "drop" and "waive" have a meaning.
my %STATE = map { $_ => 1 } qw(keep empty factory image log refuse);

# Where finalize removes what it is told to; elsewhere a build step has to.
my $DROPPED = qr{^/(?:etc|var|opt|srv|mnt|home|root|media|usr/local|usr/share)/.}s;
# finalize itself writes these.
my $OURS = qr{^/(?:usr/share/factory/var|usr/share/bootc-baseimage|var/lib/dpkg)(?:/|\z)}s;
my $STATE_PLACE = qr{^/(?:var|opt|srv|mnt|home|root|media|usr/local)(?:/|\z)}s;

# The "drop" lines that have been carried out: a derived build finds nothing for them any more.
my $RECORD = '/usr/lib/bootc-baseimage/dropped';

my (@rules, %os_release);

sub read_fates {
    check_words();
    @rules = map { _rule($_) } lines_of(keys %STATE, 'drop', 'waive');
    %os_release = map { _setting($_) } lines_of('os-release');
    return;
}

sub _setting {
    my ($line) = @_;
    my ($key, $value) = $line->{rest} =~ /^([A-Z_0-9]+)=(.+)\z/ or die "$line->{where}: expected \"os-release KEY=VALUE\"\n";
    return ($key => $value);
}

sub _rule {
    my ($line) = @_;
    my ($word, $text, $where) = @$line{qw(word rest where)};
    die "$where: expected one absolute path after \"$word\", blanks in it written \\x20\n" unless $text =~ m{^"?/\S*\z};
    my $rule = { %{ pattern($text, $where) }, word => $word, where => $where, text => $text, author => $line->{author} };
    my $path = $rule->{names}[0];
    die "$where: \"$word\" is for state, which is in /var; $path is the image's: delete the line, or say \"drop\"\n"
        if $STATE{$word} && $path !~ $STATE_PLACE;
    die "$where: \"drop\" works below /etc, /var, /opt, /srv, /usr/local and /usr/share; remove $path in a build step\n"
        if $word eq 'drop' && ($path !~ $DROPPED || $path =~ $OURS);
    return $rule;
}

# The word for a path, and whether a pattern names this very path (not one above it).
sub fate {
    my ($path) = @_;
    my $best;
    for my $rule (@rules) {
        next if $rule->{word} eq 'waive' || $path !~ $rule->{below};
        $rule->{used} = 1;
        $best = $rule if !$best || $rule->{depth} >= $best->{depth};
    }
    return ('', 0) unless $best;
    return ($best->{word}, $path =~ $best->{exact} ? 1 : 0);
}

# Whether the image's author answers for a secret. A factory copy is the same secret as what it is a copy of.
sub waived {
    my ($path) = @_;
    my $found = 0;
    for my $rule (grep { $_->{word} eq 'waive' } @rules) {
        next unless grep { $_ =~ $rule->{below} } $path, true_place($path);
        $found = $rule->{used} = 1;
    }
    return $found;
}

# Lines for /usr/lib/os-release: key => value.
sub os_release_settings { return %os_release }

# The paths that "drop" names where the walk of /var does not come: outside /var, and in what belongs to the image.
sub dropped_elsewhere {
    my @found;
    for my $rule (grep { $_->{word} eq 'drop' } @rules) {
        my @paths = grep { !m{^/var/} && (fate($_))[0] eq 'drop' } expand($rule);
        $rule->{used} = 1 if @paths;
        push @found, @paths;
    }
    return @found;
}

sub drop_elsewhere {
    remove_tree($_) for dropped_elsewhere();
    return;
}

# Records the "drop" lines of the image's author that named something.
sub remember_drops {
    my %known = map { $_ => 1 } split /\n/, read_file($RECORD) // '';
    my @drops = grep { $_->{word} eq 'drop' && $_->{author} } @rules;
    $_->{used} ||= $known{ $_->{text} } for @drops;
    my @done = sort map { $_->{text} } grep { $_->{used} } @drops;
    write_file($RECORD, join q{}, map { "$_\n" } @done) if @done || %known;
    return;
}

# A line of the image's author that names nothing is a mistake, or has become needless.
sub warn_of_idle_lines {
    warning("$_->{where}: \"$_->{word} $_->{text}\" matches nothing; correct or delete the line")
        for grep { $_->{author} && !$_->{used} } @rules;
    return;
}

1;
