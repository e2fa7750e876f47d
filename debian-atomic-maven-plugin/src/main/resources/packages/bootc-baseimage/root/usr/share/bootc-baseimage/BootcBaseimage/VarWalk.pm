package BootcBaseimage::VarWalk;

# Walks /var and gives each path its fate. Changes nothing.
#
# A node is { path, kind, fate, stat, target, children }; the fates are
#   directory  made at boot by a line of ours          made     made by a line of somebody else
#   seed       the root of a seeded tree               seeded   within one
#   link, fifo, log   made by a line of ours           drop     removed
#   image      in /usr/lib/sysimage, a link in /var    keep     left alone, at the author's word
#   mount      a mount point: not looked into

use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(:mode O_RDONLY O_NOFOLLOW O_NONBLOCK);
use BootcBaseimage::Change qw(problem);
use BootcBaseimage::Fates;
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(is_utf8 shown);
use BootcBaseimage::Shipped;
use BootcBaseimage::Tmpfiles;

our @EXPORT = qw(walk_var);

# Directories in which many packages have something: never one seeded tree.
my %SHARED = map { $_ => 1 } qw(/var /var/cache /var/games /var/home /var/lib /var/lib/dbus /var/lib/misc /var/lib/private
    /var/lib/systemd /var/local /var/log /var/mnt /var/opt /var/spool /var/srv /var/usrlocal);

# The flags of chattr(1) that stop files from being copied as they are or removed.
my ($GET_FLAGS, $IMMUTABLE, $APPEND_ONLY) = (0x80086601, 0x10, 0x20);

# All nodes, sorted by path.
sub walk_var {
    my $root = _look('/var');
    _seed($root);
    my @nodes;
    _flatten($root, \@nodes);
    return @nodes;
}

sub _flatten {
    my ($node, $nodes) = @_;
    push @$nodes, $node;
    _flatten($_, $nodes) for @{ $node->{children} // [] };
    return;
}

sub _look {
    my ($path) = @_;
    my @stat = lstat $path;
    my ($word, $exact) = fate($path);
    my $node = { path => $path, kind => _kind($stat[2]), stat => \@stat, word => $word };
    $node->{target} = readlink $path if $node->{kind} eq 'link';
    $node->{fate} = _fate($node, $exact);
    _odd($node) unless $node->{fate} =~ /^(?:keep|mount|drop)\z/;
    if ($node->{kind} eq 'directory' && $node->{fate} =~ /^(?:directory|made)\z/) {
        $node->{children} = [map { _look("$path/$_") } entries($path)];
    }
    return $node;
}

sub _kind {
    my ($mode) = @_;
    return S_ISDIR($mode) ? 'directory' : S_ISREG($mode) ? 'file' : S_ISLNK($mode) ? 'link'
        : S_ISFIFO($mode) ? 'fifo' : S_ISSOCK($mode) ? 'socket' : 'device';
}

sub _fate {
    my ($node, $exact) = @_;
    my ($path, $kind, $word) = @$node{qw(path kind word)};
    my $made = made_by($path);
    return 'mount' if is_mount($path);
    return $word if $word eq 'keep';
    return $word if $word eq 'image' && $exact;
    return 'image' if $word eq '' && _came_through_opt($node);
    return 'drop' if $word eq 'drop';
    # A socket is the end of a running process; its service makes it anew.
    return 'drop' if $kind eq 'socket';
    return $made ? 'made' : 'directory' if $kind eq 'directory';
    if ($word eq 'empty') {
        return $made && $kind eq 'link' ? 'made' : $made || !_needs_log($node) ? 'drop' : 'log';
    }
    problem(shown($path) . " would be the state of every machine; remove it, or say \"factory\" or \"drop\" for it")
        if $word eq 'refuse' && $kind ne 'link';
    return 'made' if $made;
    return $kind if $kind eq 'link' || $kind eq 'fifo';
    return 'seed';
}

# Where /opt is a link to /var/opt, a package's /opt/NAME must change with the image, and /var/opt/NAME, which is the same
# directory then, is where the FHS has its state.
sub _came_through_opt {
    my ($node) = @_;
    my ($path, $kind) = @$node{qw(path kind)};
    my ($name) = $path =~ m{^/var/opt/([^/]+)\z}s or return 0;
    return 0 unless -l '/opt';
    my ($program, $state) = (exists shipped('/opt')->{"/opt/$name"}, exists shipped('/var/opt')->{$path});
    problem(shown($path) . " has programs of packages (/opt/$name) and their state: make /opt a directory (optUsrlocal of"
            . ' apt-ostree), or say "image" or "factory" for all of it')
        if $program && $state;
    problem(shown($path) . ' came through /opt or is state, no package tells: say "image", "factory" or "drop" for it')
        if !$program && !$state && ($kind eq 'file' || $kind eq 'directory' && entries($path));
    return $program;
}

# A log whose writer may not make it anew: it belongs to an account that does not own the directory.
sub _needs_log {
    my ($node) = @_;
    return 0 if $node->{kind} ne 'file' || $node->{stat}[4] == 0;
    my ($directory) = $node->{path} =~ m{^(.*)/}s;
    my @parent = stat $directory;
    return $parent[4] != $node->{stat}[4] && !($parent[2] & S_IWOTH) && !($parent[2] & S_IWGRP && $parent[5] == $node->{stat}[5]);
}

# What tmpfiles.d cannot carry is an error that names it, never a silent loss.
sub _odd {
    my ($node) = @_;
    my $path = $node->{path};
    my $answer = 'remove it, or say "keep" or "drop" for it in /etc/bootc-baseimage/finalize.d';
    problem(shown($path) . ": the name is not UTF-8, which bootc and tmpfiles.d need; $answer") unless is_utf8($path);
    problem(shown($path) . ": a device has no place in an image; $answer") if $node->{kind} eq 'device';
    problem(shown($path) . ": the target of this link is not UTF-8, which tmpfiles.d needs; $answer")
        if $node->{kind} eq 'link' && !is_utf8($node->{target});
    my $flags = _flags($node);
    problem(shown($path) . ": immutable or append-only (chattr), which no copy keeps; $answer")
        if $flags & ($IMMUTABLE | $APPEND_ONLY);
    return;
}

sub _flags {
    my ($node) = @_;
    return 0 unless $node->{kind} eq 'file' || $node->{kind} eq 'directory';
    sysopen my $file, $node->{path}, O_RDONLY | O_NOFOLLOW | O_NONBLOCK or return 0;
    my $flags = pack 'L!', 0;
    ioctl $file, $GET_FLAGS, $flags or return 0;
    return unpack 'L', $flags;
}

# A service's files are seeded a tree at a time, from the topmost directory that is its own: a line for each file would
# bring back what the service deleted.
sub _seed {
    my ($node) = @_;
    return unless $node->{children} && _holds_files($node);
    if (_may_be_seed($node)) {
        $node->{fate} = 'seed';
        _seeded($_) for @{ $node->{children} };
    } else {
        _seed($_) for @{ $node->{children} };
    }
    return;
}

sub _holds_files {
    my ($node) = @_;
    return 1 if $node->{fate} eq 'seed';
    return !!grep { _holds_files($_) } @{ $node->{children} // [] };
}

# A plain "d" line of a package gives way to ours, which sorts first; one with an age cleans, and stays.
sub _may_be_seed {
    my ($node) = @_;
    return 0 if $SHARED{ $node->{path} } || $node->{word} eq 'empty';
    my $made = made_by($node->{path}) or return 1;
    return $made->{type} =~ /^[dvqQ]\z/ && !defined $made->{age};
}

sub _seeded {
    my ($node) = @_;
    $node->{fate} = 'seeded' if $node->{fate} =~ /^(?:directory|made|seed|link|fifo)\z/;
    _seeded($_) for @{ $node->{children} // [] };
    return;
}

1;
