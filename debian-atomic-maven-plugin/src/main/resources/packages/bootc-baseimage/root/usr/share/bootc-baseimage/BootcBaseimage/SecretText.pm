package BootcBaseimage::SecretText;

# The TEXT of a line "secret": what the content of a file is held against.

use strict;
use warnings;
use Exporter 'import';
use POSIX ();
use BootcBaseimage::BinaryKeys;

our @EXPORT = qw(text_test first_match is_build_host);

# Files are read in pieces of this size, each with the end of the one before.
my ($PIECE, $OVERLAP) = (1 << 16, 1 << 12);

# Tests of a whole file, by its first bytes and its size.
my %CODE = ('@der' => \&is_private_key, '@pkcs12' => \&is_key_store);

# A test is a hash: "any" for every content, "code", or "regex", with "start" where it can match at the first byte only.
sub text_test {
    my ($text, $where) = @_;
    return { any => 1 } if $text eq '-';
    return { code => $CODE{$text} } if $CODE{$text};
    return { regex => _build_host() } if $text eq '@build-host';
    die "$where: there is no test $text; expected " . join(', ', sort(keys %CODE), '@build-host') . ", or a regular expression\n"
        if $text =~ /^@/;
    my $regex = eval { no warnings 'regexp'; qr/$text/ms } // die "$where: the regular expression is wrong: " . $@ =~ s/ at .*//sr . "\n";
    return { regex => $regex, start => scalar $text =~ /^\\A/ };
}

# The first of the tests that a file passes.
sub first_match {
    my ($path, @tests) = @_;
    my ($any) = grep { $_->{any} } @tests;
    return $any if $any;
    open my $file, '<:raw', $path or return;
    my $rest = '';
    for (my $first = 1; read($file, my $piece, $PIECE); $first = 0) {
        my $text = $rest . $piece;
        for my $test (@tests) {
            return $test if $test->{code} ? $first && $test->{code}->($text, -s $path)
                : ($first || !$test->{start}) && $text =~ $test->{regex};
        }
        $rest = length $text > $OVERLAP ? substr $text, -$OVERLAP : $text;
        # So that ^ does not match in the middle of a line.
        $rest =~ s/\A[^\n]*\n//;
    }
    return;
}

# The name of the build host, alone or with a domain, in a line that is no comment.
sub _build_host {
    my $name = _own_name();
    return qr/(?!)/ if $name eq '' || $name eq 'localhost';
    return qr{^\h*(?![#;\h])(?:[^\n]*[^\w./-])?\Q$name\E(?![\w-])}m;
}

# Compared without the domain.
sub is_build_host {
    my ($name) = @_;
    return 0 unless defined $name && $name =~ /\S/;
    my ($short) = $name =~ /^([^.\s]*)/;
    return $short eq _own_name();
}

# The name of the host that this runs on, without the domain.
sub _own_name {
    my ($name) = (POSIX::uname())[1] =~ /^([^.]*)/;
    return $name;
}

1;
