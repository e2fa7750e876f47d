package BootcBaseimage::TopLevel;

# The directories of / as an OSTree deployment has them: state is reached through links into /var.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Change;
use BootcBaseimage::Fates;
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(shown);
use BootcBaseimage::Replace;
use BootcBaseimage::Tmpfiles;

our @EXPORT = qw(top_level_links kept_links problems_at_top_level reshape_top_level empty_volatile);

# path, target, mode of the target's directory
my @LINKS = (
    ['/home', 'var/home', 0755],
    ['/root', 'var/roothome', 0700],
    ['/srv', 'var/srv', 0755],
    ['/mnt', 'var/mnt', 0755],
    # Removable media are mounted at run time; /run is never part of an image.
    ['/media', 'run/media', undef],
);

# The links that this root should have, without those that the image's author keeps.
sub top_level_links { return grep { !_is_kept($_) } _all_links() }

# /opt and /usr/local hold what the image's author installed, and stay the image's: what is copied into /var never changes
# with it. They become links where the installed tmpfiles.d make /var/usrlocal a directory; an /opt with content does not,
# and one that is a link stays one.
sub _all_links {
    my @links = @LINKS;
    push @links, ['/opt', 'var/opt', 0755] if -l '/opt' || _are_the_machines() && !_has_content('/opt');
    push @links, ['/usr/local', '../var/usrlocal', 0755] if _are_the_machines();
    return @links;
}

# Links of the image's author to elsewhere that an answer "keep" leaves alone: [path, target].
sub kept_links { return map { [$_->[0], readlink $_->[0]] } grep { _is_kept($_) } _all_links() }

sub _is_kept {
    my ($link) = @_;
    return _leads_elsewhere(@$link) && join(' ', fate(_future(@$link))) eq 'keep 1';
}

# Such a link is one that somebody made for a purpose: what it leads to would not be found any more.
sub _leads_elsewhere {
    my ($path, $target) = @_;
    my $now = readlink $path // return 0;
    $now =~ s{^(?:/+|(?:\.\./+)+)}{};
    $now =~ s{/+}{/}g;
    $now =~ s{/\z}{};
    return "/$now" ne _future($path, $target);
}

# The directory that a link of ours leads to.
sub _future {
    my (undef, $target) = @_;
    return $target =~ s{^(?:\.\./)?}{/}r;
}

sub _are_the_machines {
    my $local = made_by('/var/usrlocal');
    return $local && $local->{type} =~ /[dDvqQ]/;
}

sub _has_content { return !!entries($_[0]) }

# Files in a directory that becomes a link must be meant to be state of every machine.
sub problems_at_top_level {
    _problems_of_links();
    for my $link (top_level_links()) {
        my ($path) = @$link;
        next if -l $path || !-d $path;
        my $mount = is_mount($path) ? $path : mount_below($path);
        if ($mount) {
            warning(shown($mount) . " is a mount point: $path stays a directory, finalize again without it");
            next;
        }
        _refused($path, _future(@$link));
    }
    warning('/opt has content and stays the image\'s, unlike /usr/local')
        if _are_the_machines() && !-l '/opt' && _has_content('/opt');
    return;
}

sub _problems_of_links {
    for my $link (grep { _leads_elsewhere(@$_) } top_level_links()) {
        my ($path, $target, $mode) = @$link;
        my $content = defined $mode ? " and put the content into the directory $path, with \"factory $path\"" : '';
        problem("$path is a link to " . shown(readlink $path) . ", expected $target; remove the link$content,"
            . " or say \"keep $path\" to leave it");
    }
    problem('/sysroot is a link to ' . shown(readlink '/sysroot') . '; OSTree needs a directory, remove the link') if -l '/sysroot';
    problem('/ostree is a link to ' . shown(readlink '/ostree') . ', expected sysroot/ostree; remove it')
        if -l '/ostree' && _leads_elsewhere('/ostree', 'sysroot/ostree');
    return;
}

sub _refused {
    my ($path, $future) = @_;
    for my $name (entries($path)) {
        my ($from, $to) = ("$path/$name", "$future/$name");
        my ($word) = fate($to);
        if (-d $from && !-l $from) {
            _refused($from, $to) unless $word eq 'drop';
        } elsif ($future =~ m{^/run/}) {
            problem(shown($from) . ' would be lost, as /media is empty on every machine; remove it, or say "drop" for it') if $word ne 'drop';
        } elsif ($word eq 'refuse' && !-l $from) {
            problem(shown($from) . ' would be the state of every machine; remove it, or say "factory" or "drop" for it');
        }
    }
    return;
}

sub reshape_top_level {
    make_directory('/sysroot');
    link_to('/ostree', 'sysroot/ostree') unless -d '/ostree' && !-l '/ostree';
    for my $link (top_level_links()) {
        my ($path, $target, $mode) = @$link;
        my $directory = _future(@$link);
        make_directory($directory, $mode) if defined $mode;
        if (-d $path && !-l $path) {
            next if is_mount($path) || mount_below($path);
            change "move the content of $path to $directory, $path a link", sub { _move($path, $directory, $target) };
        } else {
            link_to($path, $target);
        }
    }
    return;
}

# The state exists twice for a moment, never not at all.
sub _move {
    my ($path, $directory, $target) = @_;
    _merge($path, $directory) if $directory !~ m{^/run/};
    sync_tree($directory) if -d $directory;
    my $new = half_made($path);
    symlink $target, $new or die "$new: $!\n";
    replace($new, $path);
    return;
}

# What a derived build put into the directory that replaced the link is newer than what the link led to.
sub _merge {
    my ($from, $to) = @_;
    for my $name (entries($from)) {
        my ($source, $target) = ("$from/$name", "$to/$name");
        if (-d $source && !-l $source && -d $target && !-l $target) {
            _merge($source, $target);
        } else {
            my $new = half_made($target);
            copy($source, $new);
            replace($new, $target);
        }
    }
    return;
}

# Filled at boot, or by the kernel packages for other ways of booting.
sub empty_volatile {
    remove_file("/$_") for qw(vmlinuz vmlinuz.old initrd.img initrd.img.old);
    empty_directory($_) for qw(/boot /run /tmp);
    return;
}

1;
