package BootcBaseimage::Fates;

# The table of fates: /usr/share/bootc-baseimage/fates.conf, then the drop-ins of packages and of the image's author.
# The most specific pattern wins, among equal ones the later line.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files qw(entries read_file);
use BootcBaseimage::Names qw(unescape);

our @EXPORT = qw(read_fates fate waived dropped_elsewhere os_release_settings);

my $SHIPPED = '/usr/share/bootc-baseimage/fates.conf';
my @FOLDERS = ('/etc/bootc-baseimage/finalize.d', '/usr/lib/bootc-baseimage/finalize.d');

my %WORD = map { $_ => 1 } qw(keep drop empty factory image log refuse waive);

# Patterns may name a path by the link of a finished image.
my @ALIAS = (['/home', '/var/home'], ['/root', '/var/roothome'], ['/srv', '/var/srv'], ['/mnt', '/var/mnt'],
    ['/usr/local', '/var/usrlocal'], ['/opt', '/var/opt'], ['/media', '/run/media']);

my (@rules, %os_release);

sub read_fates {
    @rules = %os_release = ();
    my %file;
    for my $folder (@FOLDERS) {
        # As with systemd's folders: a file in /etc replaces one of the same name.
        $file{$_} //= "$folder/$_" for grep { /\.conf\z/ } entries($folder);
    }
    _read($_) for $SHIPPED, map { $file{$_} } sort keys %file;
    return;
}

sub _read {
    my ($file) = @_;
    my $number = 0;
    for my $line (split /\n/, read_file($file) // die "$file: $!\n") {
        $number++;
        next if $line =~ /^\s*(#|\z)/;
        my ($word, $pattern, $rest) = split ' ', $line;
        if ($word eq 'os-release') {
            my ($key, $value) = $line =~ /^\s*os-release\s+([A-Z_0-9]+)=(.*\S)\s*\z/
                or die "$file:$number: expected \"os-release KEY=VALUE\"\n";
            $os_release{$key} = $value;
            next;
        }
        die "$file:$number: \"$word\" is not a fate; it must be one of " . join(', ', sort(keys %WORD), 'os-release') . "\n"
            unless $WORD{$word};
        die "$file:$number: expected one absolute path after \"$word\", blanks in it written \\x20\n"
            unless defined $pattern && $pattern =~ m{^/} && !defined $rest;
        push @rules, _rule($word, unescape($pattern), "$file:$number");
    }
    return;
}

sub _rule {
    my ($word, $pattern, $where) = @_;
    $pattern =~ s{(?<=.)/+\z}{};
    my ($alias) = $word eq 'waive' ? () : grep { $pattern =~ m{^\Q$_->[0]\E(/|\z)} } @ALIAS;
    substr $pattern, 0, length $alias->[0], $alias->[1] if $alias;
    my $glob = quotemeta $pattern;
    $glob =~ s/\\\*/[^\/]*/g;
    $glob =~ s/\\\?/[^\/]/g;
    return {
        word => $word,
        pattern => $pattern,
        where => $where,
        depth => ($pattern =~ tr{/}{}) + ($pattern =~ /[*?]/ ? 0 : 0.5),
        exact => qr/^$glob\z/s,
        below => qr/^$glob(?:\/|\z)/s,
    };
}

# The word for a path, and whether a pattern names this very path (not one above it).
sub fate {
    my ($path) = @_;
    my $best;
    for my $rule (@rules) {
        next if $rule->{word} eq 'waive' || $path !~ $rule->{below};
        $best = $rule if !$best || $rule->{depth} >= $best->{depth};
    }
    return ('', 0) unless $best;
    return ($best->{word}, $path =~ $best->{exact} ? 1 : 0);
}

# Whether the image's author answers for a private key.
sub waived {
    my ($path) = @_;
    return scalar grep { $_->{word} eq 'waive' && $path =~ $_->{below} } @rules;
}

# Lines for /usr/lib/os-release: key => value.
sub os_release_settings { return %os_release }

# Patterns outside /var that an author wants dropped (a generated key in /etc).
sub dropped_elsewhere {
    return map { $_->{pattern} } grep { $_->{word} eq 'drop' && $_->{pattern} !~ m{^/var(/|\z)} } @rules;
}

1;
