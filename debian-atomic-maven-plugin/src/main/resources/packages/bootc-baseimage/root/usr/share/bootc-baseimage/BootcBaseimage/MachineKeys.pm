package BootcBaseimage::MachineKeys;

# The lines "machine-key" of the tables: finalize removes these keys from the image, bootc-baseimage-keys.service makes them.

use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(basename dirname);
use File::Temp ();
use BootcBaseimage::Fates;
use BootcBaseimage::Files;
use BootcBaseimage::Names qw(shown);
use BootcBaseimage::Patterns;
use BootcBaseimage::Tables;

our @EXPORT = qw(read_machine_keys remove_machine_keys machine_keys_to_remove machine_keys_left machine_key make_key);

my @keys;

sub read_machine_keys {
    @keys = map { machine_key($_) } lines_of('machine-key');
    return;
}

# The key of a line.
sub machine_key {
    my ($line) = @_;
    my $where = $line->{where};
    my ($files, $owner, $mode, $program, $command) = split ' ', $line->{rest}, 5;
    die "$where: expected \"machine-key FILES OWNER MODE PROGRAM COMMAND\"; machine-keys.conf explains the fields\n"
        unless defined $command;
    die "$where: \"$owner\" is not user:group\n" unless $owner =~ /^(?:-|[^\s:]+:[^\s:]+)\z/;
    die "$where: \"$mode\" is not an octal mode such as 0600\n" unless $mode =~ /^(?:-|0?[0-7]{3})\z/;
    die "$where: expected the absolute path of a program instead of \"$program\"\n" unless $program =~ m{^/.}s;
    my ($secret, @others) = map { pattern($_, $where) } split /,/, $files;
    return { where => $where, secret => $secret, others => \@others, owner => $owner, mode => $mode, program => $program,
        command => $command };
}

# A key that nothing in the image can make again stays, and fails --check.
sub remove_machine_keys {
    _remove($_) for machine_keys_to_remove();
    return;
}

# The files that remove_machine_keys removes.
sub machine_keys_to_remove {
    my @found;
    for my $key (grep { -e $_->{program} } @keys) {
        my @secrets = expand($key->{secret});
        next if grep { waived($_) } @secrets;
        push @found, grep { -f || -l } @secrets, map { expand($_) } @{ $key->{others} };
    }
    return @found;
}

# The links beside a file that lead to it go too: one with the hash of a certificate is for the name of the build host.
sub _remove {
    my ($path) = @_;
    my ($directory, $name) = $path =~ m{^(.*)/([^/]+)\z}s;
    remove_file($_) for $path, grep { (readlink($_) // '') eq $name } map { "$directory/$_" } entries($directory);
    return;
}

# Sentences for keys that the image has and each machine should make.
sub machine_keys_left {
    my @secrets = grep { -f && -s _ && !waived($_) } map { expand($_->{secret}) } @keys;
    return map { shown($_) . ' would be the same on every machine' } @secrets;
}

# Makes a key on a machine where it is missing, or where a power cut left it empty.
sub make_key {
    my ($key) = @_;
    return unless -e $key->{program};
    my @found = grep { -f } expand($key->{secret});
    my @empty = grep { !-s } @found;
    return if @found && !@empty;
    unlink $_ or die "$_: $!\n" for @empty;
    my $name = $key->{secret}{names}[0];
    my @made = _is_roots(dirname($name)) ? _make_in_place($key, $name) : _make_and_move($key, $name);
    return unless @made;
    sync_tree($made[0]);
    print "$name was missing and is made\n";
    return;
}

sub _make_in_place {
    my ($key, $name) = @_;
    _run($key, $name);
    my @made = grep { -f && -s _ } expand($key->{secret});
    _protect($key, $_) for @made;
    return @made;
}

# An account could put a link where root writes. The key gets its owner in a directory of root's and is moved; rename(2)
# follows no link.
sub _make_and_move {
    my ($key, $name) = @_;
    my $above = dirname(dirname($name));
    die "$above is not root's alone, and an account could lead the key elsewhere\n" unless _is_roots($above);
    my $safe = File::Temp->newdir('.bootc-baseimage-keys.XXXXXX', DIR => $above);
    my $new = "$safe/" . basename($name);
    _run($key, $new);
    return unless -f $new && -s _;
    _protect($key, $new);
    sync_tree($new);
    rename $new, $name or die "$name: $!\n";
    return $name;
}

# Whether nobody but root can replace what is on the way to a path.
sub _is_roots {
    my ($path) = @_;
    for (my $now = $path; $now ne '/'; $now = dirname($now)) {
        my @stat = lstat $now or die "$now: $!\n";
        return 0 unless -d _ && $stat[4] == 0 && !($stat[2] & 022);
    }
    return 1;
}

sub _run {
    my ($key, $name) = @_;
    local $ENV{KEY} = $name;
    my $mask = umask 077;
    my $failed = system '/bin/sh', '-ec', $key->{command};
    umask $mask;
    die "the command of $key->{where} failed\n" if $failed;
    return;
}

sub _protect {
    my ($key, $path) = @_;
    if ($key->{owner} ne '-') {
        my ($user, $group) = split /:/, $key->{owner};
        my ($uid, $gid) = (scalar getpwnam $user, scalar getgrnam $group);
        die "$path is of $key->{owner}, which does not exist\n" unless defined $uid && defined $gid;
        chown $uid, $gid, $path or die "$path: $!\n";
    }
    chmod oct $key->{mode}, $path or die "$path: $!\n" if $key->{mode} ne '-';
    return;
}

1;
