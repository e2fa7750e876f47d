package BootcBaseimage::Kargs;

# The TOML that bootc allows in /usr/lib/bootc/kargs.d: two keys, each an array of strings.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files;

our @EXPORT = qw(kargs_errors);

my $FOLDER = '/usr/lib/bootc/kargs.d';

my %KEY = map { $_ => 1 } qw(kargs match-architectures);

# The architectures as bootc names them; Debian's own names match nothing.
my %DEBIAN_NAME = (amd64 => 'x86_64', arm64 => 'aarch64', ppc64el => 'powerpc64', i386 => 'x86');

my $STRING = qr/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/;
my $SKIP = qr/(?:\s|#[^\n]*(?:\n|\z))*/;

sub kargs_errors {
    return map { _errors("$FOLDER/$_") } grep { /\.toml\z/ } entries($FOLDER);
}

sub _errors {
    my ($file) = @_;
    my $text = read_file($file) // return "$file cannot be read";
    my (%seen, @found);
    pos($text) = 0;
    until ($text =~ /\G$SKIP\z/gc) {
        if ($text !~ /\G$SKIP([A-Za-z0-9_-]+)[ \t]*=[ \t]*\[$SKIP((?:$STRING$SKIP(?:,$SKIP|(?=\])))*)\]/gc) {
            my $line = 1 + substr($text, 0, pos($text) // 0) =~ tr/\n//;
            return (@found, "$file: expected KEY = [\"…\", …] after line $line");
        }
        my ($key, $values) = ($1, $2);
        push @found, "$file: unknown key $key" unless $KEY{$key};
        push @found, "$file: $key stands twice" if $seen{$key}++;
        push @found, map { "$file: match-architectures has $_, which bootc calls $DEBIAN_NAME{$_}" }
            grep { $key eq 'match-architectures' && $DEBIAN_NAME{$_} } map { substr $_, 1, -1 } $values =~ /($STRING)/g;
    }
    push @found, "$file: kargs is missing" unless $seen{kargs};
    return @found;
}

1;
