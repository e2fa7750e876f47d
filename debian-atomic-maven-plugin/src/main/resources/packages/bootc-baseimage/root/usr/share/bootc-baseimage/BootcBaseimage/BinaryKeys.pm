package BootcBaseimage::BinaryKeys;

# Private keys in binary form (DER), which no line of text tells from a certificate.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(is_private_key is_key_store);

# The length of an ASN.1 value in its short form, or with one or two bytes that hold it.
my $LENGTH = qr/(?:[\x01-\x7f]|\x81.|\x82..)/s;
my $SEQUENCE = qr/\x30$LENGTH/s;

my @PRIVATE_KEY = (
    qr/\A\x02\x01[\x00\x01]$SEQUENCE\x06/s,              # PKCS#8: version, algorithm
    qr/\A\x02\x01\x00\x02$LENGTH/s,                      # RSA, DSA: version, a number
    qr/\A\x02\x01\x01\x04[\x10-\x50]/s,                  # elliptic curves: version, the key
    qr/\A$SEQUENCE\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05/s,  # PKCS#8, encrypted by PKCS#5
    qr/\A$SEQUENCE\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c/s,  # and by PKCS#12
);

sub is_private_key {
    my ($text, $size) = @_;
    my $content = _content($text, $size) // return 0;
    return !!grep { $content =~ $_ } @PRIVATE_KEY;
}

# Some programs write key stores without a length.
sub is_key_store {
    my ($text, $size) = @_;
    my $content = $text =~ /\A\x30\x80(.*)\z/s ? $1 : _content($text, $size) // return 0;
    return $content =~ /\A\x02\x01\x03\x30/;
}

# What is in a sequence that is as long as the file.
sub _content {
    my ($text, $size) = @_;
    my ($length) = $text =~ /\A\x30($LENGTH|\x83...)/s or return;
    my ($first, @bytes) = unpack 'C*', $length;
    my $value = @bytes ? 0 : $first;
    $value = $value << 8 | $_ for @bytes;
    return $value + 1 + length $length == $size ? substr $text, 1 + length $length : undef;
}

1;
