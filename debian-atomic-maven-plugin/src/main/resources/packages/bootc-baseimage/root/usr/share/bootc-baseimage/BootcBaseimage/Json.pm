package BootcBaseimage::Json;

# Enough JSON to write the findings: objects keep the order of their pairs. perl-base has no module for it.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(json_string json_array json_object);

my %ESCAPE = ('"' => '\\"', '\\' => '\\\\', "\n" => '\\n', "\t" => '\\t', "\r" => '\\r');

sub json_string {
    my ($text) = @_;
    $text =~ s/(["\\\x00-\x1f])/$ESCAPE{$1} \/\/ sprintf '\\u%04x', ord $1/ge;
    return "\"$text\"";
}

# Both take values that are JSON already.
sub json_array { return '[' . join(', ', @_) . ']' }

sub json_object {
    my @pairs;
    while (my ($key, $value) = splice @_, 0, 2) {
        push @pairs, json_string($key) . ": $value";
    }
    return '{' . join(', ', @pairs) . '}';
}

1;
