package BootcBaseimage::Files;

# Files, links and trees, written so that a kill at any moment leaves the old or the new state and never half of one.

use strict;
use warnings;
use Errno qw(EEXIST ENOENT);
use Exporter 'import';
use Fcntl qw(O_CREAT O_EXCL O_WRONLY);
use File::Basename qw(basename dirname);
use File::Path qw(make_path);
use IO::Handle;
use BootcBaseimage::Change;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(shown);

our @EXPORT = qw(read_file write_file link_to remove_file remove_tree empty_directory entries run output exists_
    make_directory sync_tree stamp remove_now half_made put_in_place $NEW $OLD);

# A half-made path has its final name, in a directory of this name beside its final place: no name gets longer, and
# only root can look inside. The next run of finalize sweeps what a kill left there.
our $NEW = '.finalize-new';
our $OLD = '.finalize-old';

# Where to prepare PATH; nothing exists there.
sub half_made {
    my ($path, $kind) = @_;
    my $holder = dirname($path) =~ s{/?\z}{/}r . ($kind // $NEW);
    mkdir $holder, 0700 or $! == EEXIST or die shown($holder) . ": $!\n";
    my $place = "$holder/" . basename($path);
    remove_now($place);
    return $place;
}

# Renames what is prepared to its final name, in the place of a file, a link, an empty directory or nothing.
sub put_in_place {
    my ($new, $path) = @_;
    rename $new, $path or die shown($path) . ": $!\n";
    rmdir dirname($new);
    return;
}

# lstat, because a dangling link exists too.
sub exists_ { return defined((lstat $_[0])[2]) }

# One time for every generated file: that of the newest package operation, so that the same root gives the same bytes.
sub stamp {
    our $stamp //= (stat '/var/lib/dpkg/status')[9] // (stat '/usr/lib/sysimage/dpkg/status')[9] // 946684800;
    return $stamp;
}

sub read_file {
    my ($path) = @_;
    open my $file, '<:raw', $path or return;
    local $/ = undef;
    my $text = <$file>;
    close $file;
    return $text // '';
}

sub entries {
    my ($directory) = @_;
    opendir my $handle, $directory or return;
    my @names = sort grep { $_ ne '.' && $_ ne '..' } readdir $handle;
    closedir $handle;
    return @names;
}

# Writes a text file, if its content differs.
sub write_file {
    my ($path, $text, $mode) = @_;
    my $old = -l $path ? undef : read_file($path);
    return if defined $old && $old eq $text;
    change "write $path", sub {
        make_path(dirname($path));
        my $new = half_made($path);
        sysopen my $file, $new, O_WRONLY | O_CREAT | O_EXCL, 0600 or die "$new: $!\n";
        binmode $file;
        print {$file} $text;
        $file->flush && $file->sync or die "$new: $!\n";
        close $file or die "$new: $!\n";
        chmod $mode // 0644, $new;
        utime stamp(), stamp(), $new;
        put_in_place($new, $path);
    };
    return;
}

# Makes PATH a symbolic link to TARGET; what was there must be a file, a link, or nothing.
sub link_to {
    my ($path, $target) = @_;
    my $now = readlink $path;
    return if defined $now && $now eq $target;
    change 'link ' . shown($path) . ' to ' . shown($target), sub {
        make_path(dirname($path));
        my $new = half_made($path);
        symlink $target, $new or die shown($new) . ": $!\n";
        put_in_place($new, $path);
    };
    return;
}

sub make_directory {
    my ($path, $mode) = @_;
    return if -d $path;
    change "make directory $path", sub {
        make_path(dirname($path));
        mkdir $path, $mode // 0755 or die "$path: $!\n";
        chmod $mode // 0755, $path;
    };
    return;
}

sub remove_file {
    my ($path) = @_;
    return if !exists_($path) || is_mount($path);
    change 'remove ' . shown($path), sub { unlink $path or die shown($path) . ": $!\n" };
    return;
}

# Removes a path with everything below it, mount points and the directories that lead to them excepted.
sub remove_tree {
    my ($path) = @_;
    return if !exists_($path) || is_mount($path);
    my $kept = mount_below($path);
    if (-d _ && !-l $path) {
        change 'remove ' . shown($path) . ' and what is below', sub { remove_now($path) } unless $kept && !_removable($path);
    } else {
        remove_file($path);
    }
    return;
}

sub empty_directory {
    my ($path) = @_;
    return if is_mount($path);
    remove_tree("$path/$_") for entries($path);
    return;
}

# Whether anything in a directory that leads to a mount point can go.
sub _removable {
    my ($path) = @_;
    return 0 if is_mount($path);
    return 1 if -l $path || !-d _ || !mount_below($path);
    return grep { _removable("$path/$_") } entries($path);
}

# The removal itself, within a change that is told already.
sub remove_now {
    my ($path) = @_;
    return if is_mount($path);
    if (-l $path || !-d _) {
        unlink $path or $! == ENOENT or die shown($path) . ": $!\n";
        return;
    }
    remove_now("$path/$_") for entries($path);
    return if mount_below($path);
    rmdir $path or $! == ENOENT or die shown($path) . ": $!\n";
    return;
}

# Runs a program without a shell; its failure is ours.
sub run {
    my (@command) = @_;
    system(@command) == 0 or die "$command[0] failed (" . join(' ', map { shown($_) } @command) . ")\n";
    return;
}

# The output of a program, in lines.
sub output {
    my (@command) = @_;
    open my $pipe, '-|', @command or die "$command[0]: $!\n";
    my @lines = <$pipe>;
    close $pipe or die "$command[0] failed (@command)\n";
    chomp @lines;
    return @lines;
}

# Everything written so far below PATH is on the disk afterwards.
sub sync_tree { return run('sync', '--file-system', $_[0]) }

1;
