package BootcBaseimage::Names;

# File names as tmpfiles.d(5) and sysusers.d(5) want them written, and as messages show them.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(escape unescape shown is_utf8);

# Blanks and quotes would end a field, a backslash begins an escape, % a specifier; control characters end the line.
sub escape {
    my ($name) = @_;
    $name =~ s/([\x00-\x20\x7f"'\\])/sprintf '\\x%02x', ord $1/ge;
    $name =~ s/%/%%/g;
    return $name;
}

sub unescape {
    my ($text) = @_;
    $text =~ s/^"(.*)"\z/$1/s or $text =~ s/^'(.*)'\z/$1/s;
    my %letter = (n => "\n", t => "\t", s => ' ', '\\' => '\\', '"' => '"', "'" => "'");
    $text =~ s/\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|(.))/
        defined $1 ? chr hex $1 : defined $2 ? chr oct $2 : $letter{$3} \/\/ "\\$3"/gex;
    return $text;
}

# For messages: always printable and always one line.
sub shown {
    my ($name) = @_;
    my $text = escape($name);
    $text =~ s/%%/%/g;
    $text =~ s/([\x80-\xff])/sprintf '\\x%02x', ord $1/ge unless is_utf8($name);
    return $text;
}

sub is_utf8 {
    my ($name) = @_;
    return utf8::decode(my $copy = $name);
}

1;
