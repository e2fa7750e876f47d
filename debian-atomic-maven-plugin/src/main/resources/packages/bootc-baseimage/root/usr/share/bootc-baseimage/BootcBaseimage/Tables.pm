package BootcBaseimage::Tables;

# Lines of the tables: those of this package, then the drop-ins of packages and of the image's author. The first word of a
# line is its kind; each kind has a module that reads it.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files qw(entries read_file);

our @EXPORT = qw(lines_of check_words);

my $HOME = '/usr/share/bootc-baseimage';
my @SHIPPED = map { "$HOME/$_" } qw(fates.conf secrets.conf machine-keys.conf);
my @FOLDERS = ('/etc/bootc-baseimage/finalize.d', '/usr/lib/bootc-baseimage/finalize.d');

my %KIND = map { $_ => 1 } qw(keep drop empty factory image log refuse waive os-release secret machine-key);

my @lines;

# The lines of these kinds, in order: { word, rest, where (file and line), author (true for a line of the image's author) }.
sub lines_of {
    my %wanted = map { $_ => 1 } @_;
    @lines = _read() unless @lines;
    return grep { $wanted{ $_->{word} } } @lines;
}

# Dies for a line whose first word is unknown.
sub check_words {
    @lines = _read();
    for my $line (grep { !$KIND{ $_->{word} } } @lines) {
        die "$line->{where}: unknown word \"$line->{word}\"; expected one of " . join(', ', sort keys %KIND) . "\n";
    }
    return;
}

sub _read {
    my (%file, @read);
    for my $folder (@FOLDERS) {
        # As in systemd's folders, a file in /etc replaces one of the same name.
        $file{$_} //= "$folder/$_" for grep { /\.conf\z/ } entries($folder);
    }
    for my $file (@SHIPPED, map { $file{$_} } sort keys %file) {
        my $number = 0;
        for my $line (split /\n/, read_file($file) // die "$file: $!\n") {
            $number++;
            my ($word, $rest) = $line =~ /^\s*([^\s#]\S*)\s*(.*?)\s*\z/ or next;
            push @read, { word => $word, rest => $rest, where => "$file:$number", author => scalar($file =~ m{^/etc/}) };
        }
    }
    return @read;
}

1;
