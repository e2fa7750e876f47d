package BootcBaseimage::VarWalk;

# Walks /var and gives each path its fate. Changes nothing.
#
# A node is { path, kind, fate, stat, target, xattrs, children }; the fates are
#   directory  made at boot by a line of ours          made     made by a line of somebody else
#   seed       the root of a seeded tree               seeded   within one
#   parent     made together with the trees in it
#   link, fifo, log   made by a line of ours, a log empty   drop     removed
#   image      in /usr/lib/sysimage, a link in /var    keep     left alone, at the author's word
#   mount      a mount point: not looked into

use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(:mode);
use BootcBaseimage::Change qw(problem);
use BootcBaseimage::Fates;
use BootcBaseimage::Files;
use BootcBaseimage::Flags;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(is_utf8 shown);
use BootcBaseimage::Shipped;
use BootcBaseimage::Tmpfiles;
use BootcBaseimage::Xattrs;

our @EXPORT = qw(walk_var);

# Directories in which many packages have something: never one seeded tree.
my %SHARED = map { $_ => 1 } qw(/var /var/cache /var/games /var/home /var/lib /var/lib/dbus /var/lib/misc /var/lib/private
    /var/lib/systemd /var/local /var/log /var/mnt /var/opt /var/spool /var/srv /var/usrlocal);

# What logrotate and others made of logs.
my $ROTATED = qr/(?:\.(?:gz|xz|bz2|zst|old|\d+)|-\d{8})\z/;

# The kernel's limit is 4096; copies are deeper than what they are copies of.
my $LONGEST = 4000;

# All nodes, sorted by path.
sub walk_var {
    my $root = _look('/var');
    _seed($root);
    my @nodes;
    _flatten($root, \@nodes);
    _lost_attributes($_) for grep { $_->{xattrs} && $_->{fate} !~ /^seed/ } @nodes;
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
    $node->{xattrs} = xattrs($path) unless $node->{kind} eq 'link' || $node->{fate} =~ /^(?:keep|mount|drop|image)\z/;
    _odd($node) unless $node->{fate} =~ /^(?:keep|mount|drop)\z/;
    _flagged($node) unless $node->{fate} =~ /^(?:keep|mount)\z/;
    if ($node->{kind} eq 'directory' && $node->{fate} =~ /^(?:directory|made)\z/ && length $path <= $LONGEST) {
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
    if ($word eq 'empty' || $word eq 'log') {
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

# A log that its writer, or who rotates it, wants to find; elsewhere a file whose writer may not make it anew, because it
# belongs to an account that does not own the directory.
sub _needs_log {
    my ($node) = @_;
    return 0 if $node->{kind} ne 'file';
    return $node->{path} !~ $ROTATED if $node->{word} eq 'log';
    return 0 if $node->{stat}[4] == 0;
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
    problem(shown($path) . ': the path has ' . length($path) . " bytes, and more than $LONGEST cannot be copied; $answer")
        if length $path > $LONGEST;
    return;
}

# Seeded trees keep all attributes; lines carry lists of access rights (ACL) only.
sub _lost_attributes {
    my ($node) = @_;
    my @lost = grep { $_ ne $ACL && $_ ne $DEFAULT_ACL } sort keys %{ $node->{xattrs} };
    problem(shown($node->{path}) . ': tmpfiles.d cannot carry the extended attributes ' . join(', ', @lost)
            . '; remove them (setfattr --remove), or say "keep" or "drop" for the path in /etc/bootc-baseimage/finalize.d')
        if @lost;
    return;
}

# Found now, because what cannot be copied as it is or removed would stop finalize half-way.
sub _flagged {
    my ($node) = @_;
    my ($path, $kind, $fate) = @$node{qw(path kind fate)};
    problems_of_flags($path, $kind eq 'directory' && $fate =~ /^(?:drop|image)\z/);
    return;
}

# A service's files are seeded a tree at a time, each once on a machine: a line for each file would bring back what the
# service deleted. A directory without files of its own, or one that several packages or versions share, is a collection:
# what is in it is seeded child by child, so that a child of a later image arrives on a machine that has the others.
sub _seed {
    my ($node) = @_;
    return unless $node->{children} && _holds_files($node);
    if (!_may_be_seed($node)) {
        _seed($_) for @{ $node->{children} };
    } elsif (_is_collection($node)) {
        # Made with the first tree in it; a list of access rights takes a line.
        $node->{fate} = 'parent' if _is_made_once($node) && !$node->{xattrs};
        for my $child (@{ $node->{children} }) {
            _holds_files($child) ? _seed($child) : _is_made_once($child) && _has_only_directories($child) ? _tree($child) : ();
        }
    } else {
        _tree($node);
    }
    return;
}

sub _tree {
    my ($root) = @_;
    $root->{fate} = 'seed';
    _seeded($_) for @{ $root->{children} };
    return;
}

# A directory that a service or a maintainer script made, and may want to be rid of.
sub _is_made_once {
    my ($node) = @_;
    return $node->{fate} eq 'directory' && !shipped('/var')->{ $node->{path} };
}

sub _has_only_directories {
    my ($node) = @_;
    return $node->{kind} eq 'directory' && !grep { !_has_only_directories($_) } @{ $node->{children} // [] };
}

sub _is_collection {
    my ($node) = @_;
    my @children = @{ $node->{children} };
    return 1 unless grep { $_->{kind} eq 'file' && $_->{fate} eq 'seed' } @children;
    return 1 if grep { $_->{kind} eq 'directory' && $_->{path} =~ m{/[1-9]\d*(?:\.\d+)*\z} } @children;
    return _packages_share(@children);
}

# Whether packages ship these paths and none of them ships all.
sub _packages_share {
    my (@nodes) = @_;
    my $shipped = shipped('/var');
    my @shippers = grep { $_ } map { $shipped->{ $_->{path} } } @nodes;
    my %count;
    $count{$_}++ for map { @$_ } @shippers;
    return @shippers && !grep { $_ == @shippers } values %count;
}

sub _holds_files {
    my ($node) = @_;
    return 1 if $node->{fate} eq 'seed';
    return !!grep { _holds_files($_) } @{ $node->{children} // [] };
}

# A plain "d" line of a package gives way to ours, which sorts first; one with an age cleans, and stays.
sub _may_be_seed {
    my ($node) = @_;
    return 0 if $SHARED{ $node->{path} } || $node->{word} =~ /^(?:empty|log)\z/;
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
