package BootcBaseimage::Sysusers;

# Lines of sysusers.d(5): those of the installed files, how one is written, and what systemd-sysusers makes of them.

use strict;
use warnings;
use Exporter 'import';
use File::Temp ();
use BootcBaseimage::Accounts;
use BootcBaseimage::Files;
use BootcBaseimage::Names qw(unescape);

our @EXPORT = qw(lines_except read_lines sysusers_line rejected_lines made_of);

# The accounts that the files other than one name: "u name", "g name" or "m user group" => its first line.
sub lines_except {
    my ($ours) = @_;
    my %file;
    for my $folder (qw(/etc/sysusers.d /usr/local/lib/sysusers.d /usr/lib/sysusers.d)) {
        $file{$_} //= "$folder/$_" for grep { /\.conf\z/ } entries($folder);
    }
    my %line;
    for my $path (grep { $_ ne $ours } map { $file{$_} } sort keys %file) {
        for my $line (read_lines($path)) {
            $line{"g $line->{name}"} //= $line if $line->{makes_group};
            my $kind = substr $line->{type}, 0, 1;
            $line{ $kind eq 'm' ? "m $line->{name} $line->{group}" : "$kind $line->{name}" } //= $line;
        }
    }
    return %line;
}

# The "u", "g" and "m" lines of a file: { type, name, id, gid } or { type, name, group }.
sub read_lines {
    my ($path) = @_;
    my @lines;
    for my $line (split /\n/, read_file($path) // die "$path: $!\n") {
        my ($type, $name, $id) = split ' ', $line;
        next unless defined $name && $type =~ /^(?:[ug]!?|m)\z/;
        $name = unescape($name);
        if ($type eq 'm') {
            push @lines, { type => $type, name => $name, group => unescape($id) } if defined $id;
            next;
        }
        my ($number, $group) = ($id // '-') =~ /^(\d+)(?::(\S+))?\z/;
        # Without a group of its own, a "u" line makes the one of the same name.
        push @lines, { type => $type, name => $name, id => $number, gid => $group, makes_group => $type =~ /^u/ && ($id // '') !~ /:/ };
    }
    return @lines;
}

# A line of these fields. Within quotes a backslash protects the next character; \x22 would lose its backslash only.
sub sysusers_line { return join ' ', map { _field($_) } @_ }

sub _field {
    my ($text) = @_;
    return '-' if $text eq '';
    $text =~ s/%/%%/g;
    return $text unless $text =~ /[\s"'\\]/;
    $text =~ s/(["\\])/\\$1/g;
    return "\"$text\"";
}

# Lines that systemd-sysusers does not accept: index => its reason.
sub rejected_lines {
    my (@lines) = @_;
    my ($status, $messages) = _try(['--dry-run'], @lines);
    return unless $status;
    my %reason = map { /^<stdin>:(\d+): (.*)\z/ ? ($1 - 1 => $2) : () } split /\n/, $messages;
    die "systemd-sysusers rejects the accounts of this image: $messages" unless %reason;
    return %reason;
}

# What systemd-sysusers makes of the lines where there is no account yet: "u name" or "g name" => its account_text.
sub made_of {
    my (@lines) = @_;
    my ($status, $messages, $root) = _try([], @lines);
    die "systemd-sysusers cannot make the accounts of this image: $messages" if $status;
    return ((map { ("u $_->{name}" => account_text($_)) } users($root)), (map { ("g $_->{name}" => account_text($_)) } groups($root)));
}

# In an empty root, which goes with the object that is returned.
sub _try {
    my ($options, @lines) = @_;
    my $root = File::Temp->newdir('bootc-baseimage.XXXXXX', TMPDIR => 1);
    mkdir "$root/etc" or die "$root/etc: $!\n";
    for my $name (qw(lines etc/passwd etc/group)) {
        open my $file, '>:raw', "$root/$name" or die "$root/$name: $!\n";
        print {$file} map { "$_\n" } @lines if $name eq 'lines';
        close $file or die "$root/$name: $!\n";
    }
    my $status = system "systemd-sysusers --root='$root' @$options - <'$root/lines' >'$root/messages' 2>&1";
    return ($status, read_file("$root/messages") // '', $root);
}

1;
