package BootcBaseimage::Factory;

# /usr/share/factory/var: the seeded trees as they are in /var, owners, holes and attributes included, and the list of
# them that machines are seeded by.

use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempfile);
use POSIX ();
use BootcBaseimage::Change;
use BootcBaseimage::Files;
use BootcBaseimage::Names qw(shown);
use BootcBaseimage::Parents;
use BootcBaseimage::Replace;
use BootcBaseimage::SeedList;
use BootcBaseimage::Xattrs;

our @EXPORT = qw(factory_path factory_copies factory_differences renew_factory seed_list late_seeds);

my $FACTORY = '/usr/share/factory';

my $HEADER = <<'HEADER';
# Written by bootc-baseimage-finalize: the state that bootc-baseimage-seed.service gives to each machine once.
HEADER

sub factory_path { return $FACTORY . $_[0] }

# The seeded trees of a walk: root path => nodes that belong to the copy.
sub _trees {
    my (@nodes) = @_;
    my (%trees, $root);
    for my $node (@nodes) {
        if ($node->{fate} eq 'seed') {
            $root = $node->{path};
            $trees{$root} = [$node];
        } elsif ($node->{fate} eq 'seeded' || _is_mounted_in($node, $root)) {
            push @{ $trees{$root} }, $node;
        }
    }
    return \%trees;
}

# The directory of a mount point is in the copy. A mounted file has content that is not the image's, a build secret
# perhaps.
sub _is_mounted_in {
    my ($node, $root) = @_;
    return $root && $node->{fate} eq 'mount' && $node->{kind} eq 'directory' && index($node->{path}, "$root/") == 0;
}

# What Parents.pm asks for: [copy, path, top] of each tree that has a copy.
sub factory_copies {
    my (@nodes) = @_;
    return map { [factory_path($_), $_, $FACTORY] } map { $_->{path} } grep { $_->{fate} eq 'seed' } @nodes;
}

# Seeded paths whose copy is missing or differs, and copies that nothing seeds any more.
sub factory_differences {
    my (@nodes) = @_;
    my $trees = _trees(@nodes);
    my %looks_copied = map { $_ => _looks_copied($trees->{$_}) } keys %$trees;
    my @files = map { $_->{path} } grep { $_->{kind} eq 'file' } map { @{ $trees->{$_} } } grep { $looks_copied{$_} } keys %$trees;
    my $digest = _digests(map { ($_, factory_path($_)) } @files);
    my %differs = map { $_ => 1 } grep { $digest->{$_} ne $digest->{ factory_path($_) } } @files;
    my @stale = grep { !$looks_copied{$_} || grep { $differs{ $_->{path} } } @{ $trees->{$_} } } sort keys %$trees;
    my %used = map { $_->{path} => 1 } map { @$_ } values %$trees;
    for my $path (keys %$trees) {
        $used{$path} = 1 while ($path = dirname($path)) ne '/';
    }
    return (\@stale, [_extra('/var', \%used)]);
}

sub _extra {
    my ($path, $used) = @_;
    return map {
        !$used->{$_} ? $_ : -d factory_path($_) && !-l factory_path($_) ? _extra($_, $used) : ()
    } map { "$path/$_" } entries(factory_path($path));
}

sub renew_factory {
    my (@nodes) = @_;
    my $trees = _trees(@nodes);
    my ($stale, $extra) = factory_differences(@nodes);
    remove_tree(factory_path($_)) for @$extra;
    mend_parents(factory_copies(@nodes));
    for my $root (@$stale) {
        my $count = @{ $trees->{$root} };
        change 'copy ' . shown($root) . " ($count) to " . shown(factory_path($root)), sub { _copy($root, $trees->{$root}) };
    }
    return;
}

# The text of the list.
sub seed_list {
    my (@nodes) = @_;
    my $trees = _trees(@nodes);
    my $digest = _digests(map { $_->{path} } grep { $_->{kind} eq 'file' } map { @$_ } values %$trees);
    my %node = map { $_->{path} => $_ } @nodes;
    my $text = $HEADER;
    for my $root (sort keys %$trees) {
        $text .= seed_tree_line($root);
        $text .= seed_list_line({ %{ _entry($_, $digest) }, kind => 'parent' }) for _owned_above($root, \%node);
        $text .= seed_list_line(_entry($_, $digest)) for @{ $trees->{$root} };
    }
    return $text;
}

# The directories above a tree that do not belong to root, the topmost first.
sub _owned_above {
    my ($path, $node) = @_;
    my @above;
    while (($path = dirname($path)) ne '/') {
        unshift @above, $node->{$path} if grep { $_ != 0 } @{ $node->{$path}{stat} }[4, 5];
    }
    return @above;
}

# [tree of the previous list, paths in it that are new or changed] for each tree that has such paths.
sub late_seeds {
    my ($previous, @nodes) = @_;
    my $trees = _trees(@nodes);
    my $digest = _digests(map { $_->{path} } grep { $_->{kind} eq 'file' } map { @$_ } values %$trees);
    # A machine that was given a tree within a tree is not given the rest of it. It has the directories above.
    my %given_in;
    for my $root (keys %$trees) {
        my ($within) = _below($root, $previous) or next;
        $given_in{$_} = $within for grep { !_below($_, $previous) } map { $_->{path} } @{ $trees->{$root} };
    }
    my %late;
    for my $node (map { @{ $trees->{$_} } } sort keys %$trees) {
        my $above = _given_with($node->{path}, $previous) // $given_in{ $node->{path} } // next;
        my $before = $previous->{$above}{ $node->{path} };
        push @{ $late{$above} }, $node->{path}
            if !$before || seed_list_line($before) ne seed_list_line(_entry($node, $digest));
    }
    return map { [$_, @{ $late{$_} }] } sort keys %late;
}

# The tree of the previous list that a path is in.
sub _given_with {
    my ($path, $previous) = @_;
    $path = dirname($path) while $path ne '/' && !$previous->{$path};
    return $path eq '/' ? undef : $path;
}

# The trees of the previous list below a path.
sub _below {
    my ($path, $previous) = @_;
    my @below = sort grep { index($_, "$path/") == 0 } keys %$previous;
    return @below;
}

sub _entry {
    my ($node, $digest) = @_;
    my ($kind, $path, $xattrs) = @$node{qw(kind path xattrs)};
    my (undef, undef, $mode, undef, $user, $group) = @{ $node->{stat} };
    return {
        kind => $kind,
        mode => sprintf('%04o', POSIX::S_ISLNK($mode) ? 0777 : group_mode($mode & 07777, $xattrs)) . ($xattrs && $xattrs->{$ACL} ? '+' : ''),
        user => scalar getpwuid $user // $user,
        group => scalar getgrgid $group // $group,
        what => $kind eq 'file' ? $digest->{$path} : $kind eq 'link' ? $node->{target} : '-',
        path => $path,
    };
}

# Whether the copy of a tree has all of it; the content of files of the same size and time is not looked at here.
sub _looks_copied {
    my ($nodes) = @_;
    for my $node (@$nodes) {
        my $copy = factory_path($node->{path});
        my @stat = lstat $copy or return 0;
        return 0 if grep { $stat[$_] != $node->{stat}[$_] } 2, 4, 5, $node->{kind} eq 'file' ? (7, 9) : ();
        return 0 if $node->{kind} eq 'link' && readlink($copy) ne $node->{target};
        return 0 if $node->{kind} ne 'link' && xattr_text(xattrs($copy)) ne xattr_text($node->{xattrs});
    }
    return 1;
}

# A digest of each file: path => SHA-256. A file is read once in a run; the times tell when it was written since.
my %known;

sub _digests {
    my (@paths) = @_;
    my (%digest, %of, @unknown);
    for my $path (@paths) {
        my @stat = lstat $path or die shown($path) . ": $!\n";
        $of{$path} = join ':', @stat[0, 1, 7, 9, 10];
        push @unknown, $path unless $known{ $of{$path} };
    }
    while (my @some = splice @unknown, 0, 200) {
        open my $sums, '-|', 'sha256sum', '--zero', '--', @some or die "sha256sum: $!\n";
        local $/ = "\0";
        while (my $sum = <$sums>) {
            my ($hex, $path) = $sum =~ /^([0-9a-f]{64}) [ *](.+)\0\z/s or die "sha256sum wrote \"$sum\"\n";
            $known{ $of{$path} } = $hex;
        }
        close $sums or die "sha256sum failed; its message above names the file\n";
    }
    return { map { $_ => $known{ $of{$_} } } @paths };
}

sub _copy {
    my ($root, $nodes) = @_;
    my $copy = factory_path($root);
    make_path($FACTORY);
    make_parents($copy, $root, $FACTORY);
    my $new = half_made($copy);
    if ($nodes->[0]{kind} eq 'directory') {
        mkdir $new, 0700 or die shown($new) . ": $!\n";
        _copy_tree($root, $new, map { substr $_->{path}, length $root } @$nodes);
    } else {
        copy($root, $new);
    }
    for my $node (grep { $_->{xattrs} } @$nodes) {
        my $path = $new . substr $node->{path}, length $root;
        die shown($node->{path}) . ' has attributes that this file system does not keep in a copy: '
            . join(', ', sort keys %{ $node->{xattrs} }) . "\n"
            if xattr_text(xattrs($path)) ne xattr_text($node->{xattrs});
    }
    replace($new, $copy);
    return;
}

# tar and not cp, because dropped paths, links to the image and mount points inside the tree stay out of the copy.
sub _copy_tree {
    my ($from, $to, @names) = @_;
    my ($list, $list_name) = tempfile('bootc-baseimage.XXXXXX', TMPDIR => 1, UNLINK => 1);
    binmode $list;
    print {$list} ".$_\0" for @names;
    close $list or die "$list_name: $!\n";
    my @same = qw(--numeric-owner --acls --xattrs --xattrs-include=*);
    my @writer = (qw(tar --create --format=posix --sparse), @same, qw(--no-recursion --no-unquote --null --verbatim-files-from),
        '--files-from', $list_name);
    my @reader = (qw(tar --extract --same-permissions --same-owner), @same);
    pipe my $output, my $input or die "pipe: $!\n";
    my $writing = _start($from, [\*STDOUT, $input], @writer);
    my $reading = _start($to, [\*STDIN, $output], @reader);
    close $_ for $output, $input;
    my @failed = grep { waitpid $_, 0; $? } $writing, $reading;
    die 'tar cannot copy ' . shown($from) . ' to ' . shown($to) . "; its message above names the path\n" if @failed;
    unlink $list_name;
    return;
}

# The command in a directory, which tar's own option could not name: it unquotes.
sub _start {
    my ($directory, $redirection, @command) = @_;
    my $process = fork // die "fork: $!\n";
    return $process if $process;
    my ($standard, $end) = @$redirection;
    my $ready = chdir $directory;
    $ready &&= open $standard, $standard == \*STDIN ? '<&' : '>&', $end;
    if ($ready) {
        no warnings 'exec';
        exec { $command[0] } @command;
    }
    print STDERR shown($directory), ": $!\n";
    POSIX::_exit(127);
}

1;
