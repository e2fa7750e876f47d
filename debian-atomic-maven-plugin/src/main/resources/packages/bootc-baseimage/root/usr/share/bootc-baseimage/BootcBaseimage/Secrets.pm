package BootcBaseimage::Secrets;

# The lines "secret" of the tables: what finalize removes, and what --check finds. Every machine, and everyone who can pull
# the image, has what is left in it.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Change;
use BootcBaseimage::Fates;
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(shown);
use BootcBaseimage::Patterns;
use BootcBaseimage::SecretText;
use BootcBaseimage::Shipped;
use BootcBaseimage::Tables;

our @EXPORT = qw(read_secrets remove_secrets secrets_to_remove secrets_left);

# Those of @PUBLIC without what packages ship there.
my @SEARCHED = qw(/etc /home /opt /root /run /srv /usr/lib/sysimage /usr/local /usr/share /var);
my @PUBLIC = qw(/opt /usr/share);
# dpkg's copies of what is in the archive.
my %SKIPPED = map { $_ => 1 } qw(/usr/lib/sysimage/dpkg/info /var/lib/dpkg/info);

my %ACTION = map { $_ => 1 } qw(fatal warn remove empty);

my (@rows, %public);

sub read_secrets {
    @rows = map { _row($_) } lines_of('secret');
    return;
}

sub _row {
    my ($line) = @_;
    my $where = $line->{where};
    my ($action, $path, $text, $what) = split ' ', $line->{rest}, 4;
    die "$where: expected \"secret ACTION PATH TEXT WHAT IT IS\"; secrets.conf explains the fields\n" unless defined $what;
    die "$where: \"$action\" is not an action; it must be one of " . join(', ', sort keys %ACTION) . "\n" unless $ACTION{$action};
    die "$where: \"$action\" takes no TEXT, write - instead of $text\n" if $action =~ /^(?:remove|empty)\z/ && $text ne '-';
    return { action => $action, pattern => pattern($path, $where), test => text_test($text, $where), what => $what };
}

sub remove_secrets {
    remove_file($_) for _named('remove');
    _empty($_) for _named('empty');
    return;
}

# The files that remove_secrets changes.
sub secrets_to_remove { return map { _named($_) } qw(remove empty) }

sub _named {
    my ($action) = @_;
    return grep { -f && !-l && !waived($_) } map { expand($_->{pattern}) } grep { $_->{action} eq $action } @rows;
}

sub _empty {
    my ($path) = @_;
    return unless -s $path;
    change 'empty ' . shown($path), sub { truncate $path, 0 or die shown($path) . ": $!\n"; utime stamp(), stamp(), $path };
    return;
}

# A sentence for each file that a line with this action, "fatal" or "warn", finds and that nobody waived. A line that
# removes is fatal.
sub secrets_left {
    my ($action) = @_;
    my @wanted = grep { ($_->{action} eq 'warn') == ($action eq 'warn') } @rows;
    my @anywhere = grep { $_->{pattern}{names}[0] eq '/' } @wanted;
    my @placed = grep { $_->{pattern}{names}[0] ne '/' } @wanted;
    my $places = join '|', map { $_->{pattern}{below} } @placed;
    my @found;
    my $look = sub {
        my ($path) = @_;
        my $place = true_place($path);
        my @here = (@anywhere, $place =~ /$places/ ? grep { $place =~ $_->{pattern}{below} } @placed : ());
        return unless @here && -s $path;
        my $test = first_match($path, map { $_->{test} } @here) // return;
        my ($row) = grep { $_->{test} == $test } @here;
        push @found, shown($path) . " is or has $row->{what}" unless waived($path);
    };
    %public = map { %{ shipped($_) } } @PUBLIC;
    _files($_, $look) for @SEARCHED, map { expand($_->{pattern}) } grep { !_is_searched($_->{pattern}) } @placed;
    return @found;
}

# Whether the search comes by every path of a pattern that it is for.
sub _is_searched {
    my ($pattern) = @_;
    my $path = $pattern->{names}[0];
    return $path =~ m{^/[*]{2}/} || !!grep { index("$path/", "$_/") == 0 } @SEARCHED;
}

sub _files {
    my ($path, $look) = @_;
    return if -l $path || is_mount($path) || $SKIPPED{$path};
    return if -f _ && $public{$path};
    return $look->($path) if -f _;
    return unless -d _;
    _files("$path/$_", $look) for entries($path);
    return;
}

1;
