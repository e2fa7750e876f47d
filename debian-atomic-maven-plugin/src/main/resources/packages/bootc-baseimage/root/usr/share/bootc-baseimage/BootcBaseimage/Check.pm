package BootcBaseimage::Check;

# Runs the rules and prints a line for each. A rule is [name, severity, sentence, function]; the function returns a
# sentence for each thing that breaks it. Rules that bootc's own lint has carry the name they have there.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Check::Bootc;
use BootcBaseimage::Check::Image;
use BootcBaseimage::Check::Machine;
use BootcBaseimage::Check::Programs;
use BootcBaseimage::Json;

our @EXPORT = qw(check);

# True when nothing fatal was found (with $strict: nothing at all).
sub check {
    my ($format, $strict) = @_;
    my @rules = (@BootcBaseimage::Check::Bootc::RULES, @BootcBaseimage::Check::Image::RULES,
        @BootcBaseimage::Check::Machine::RULES, @BootcBaseimage::Check::Programs::RULES);
    my (@results, %count);
    for my $rule (@rules) {
        my ($name, $severity, $sentence, $function) = @$rule;
        my @found = $function->();
        my $result = !@found ? 'ok' : $severity eq 'fatal' ? 'fail' : 'warn';
        $count{$result}++;
        push @results, [$name, $severity, $result, $sentence, @found];
    }
    print $format eq 'json' ? _json(@results) : _text(@results);
    printf "%d rules: %d ok, %d failed, %d warned\n", scalar @results, map { $count{$_} // 0 } qw(ok fail warn)
        if $format ne 'json';
    return !$count{fail} && !($strict && $count{warn});
}

# A line a rule; what broke it follows, indented.
sub _text {
    my (@results) = @_;
    return map {
        my ($name, $severity, $result, $sentence, @found) = @$_;
        (sprintf("%-4s %-22s %s (%s)\n", $result, $name, $sentence, $severity), map { "       $_\n" } @found)
    } @results;
}

sub _json {
    my (@results) = @_;
    my @objects = map {
        my ($name, $severity, $result, $sentence, @found) = @$_;
        json_object(
            rule => json_string($name),
            severity => json_string($severity),
            result => json_string($result),
            description => json_string($sentence),
            findings => json_array(map { json_string($_) } @found),
        )
    } @results;
    return "[\n  " . join(",\n  ", @objects) . "\n]\n";
}

1;
