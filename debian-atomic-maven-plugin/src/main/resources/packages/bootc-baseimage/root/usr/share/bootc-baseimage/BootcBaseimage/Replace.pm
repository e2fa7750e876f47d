package BootcBaseimage::Replace;

# Puts a finished path in the place of another one, so that a kill at any moment leaves something that the next run
# of finalize can go on with.

use strict;
use warnings;
use Config;
use Exporter 'import';
use File::Basename qw(dirname);
use POSIX ();
use BootcBaseimage::Change;
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(shown);

our @EXPORT = qw(copy replace sweep sweep_names);

# A copy with everything: owners, modes, times, links, holes, extended attributes.
sub copy { return run('cp', '--archive', '--no-target-directory', '--sparse=auto', '--', @_) }

# Puts the finished path NEW in the place of PATH, whatever PATH is. Where the kernel can exchange the two, there is
# no moment without PATH; a directory of a lower overlay layer can neither be exchanged nor renamed.
sub replace {
    my ($new, $path) = @_;
    if (!-d $path || -l $path) {
        put_in_place($new, $path);
        return;
    }
    if (_exchange($new, $path)) {
        remove_now($new);
        rmdir dirname($new);
        return;
    }
    my $old = half_made($path, $OLD);
    if (rename $path, $old) {
        put_in_place($new, $path);
        remove_now($old);
    } else {
        _remove_going($path);
        put_in_place($new, $path);
    }
    rmdir dirname($old);
    return;
}

# Says, in a directory whose replacement is ready beside it, that what is still there only waits to be removed.
my $GOING = '.finalize-going';

# dpkg can list its packages as long as it has "status", so that goes last.
sub _remove_going {
    my ($path) = @_;
    open my $mark, '>', "$path/$GOING" or die shown($path) . ": $!\n";
    close $mark;
    my %last = ('status' => 1, $GOING => 2);
    remove_now("$path/$_") for sort { ($last{$a} // 0) <=> ($last{$b} // 0) || $a cmp $b } entries($path);
    return remove_now($path);
}

sub _is_going {
    my ($path) = @_;
    return 0 if -l $path || !-d $path;
    my @left = entries($path);
    return !@left || -e "$path/$GOING";
}

# renameat2(2), which perl has no name for; its number depends on the architecture.
my %RENAMEAT2 = (x86_64 => 316, aarch64 => 276, riscv64 => 276, loongarch64 => 276, ppc64le => 357, s390x => 347);

sub _exchange {
    my ($first, $second) = @_;
    my $number = $RENAMEAT2{ (POSIX::uname())[4] };
    return 0 unless $number && $Config{longsize} == 8;
    my ($here, $exchange) = (-100, 2);
    return syscall($number, $here, $first, $here, $second, $exchange) == 0;
}

# Puts right what a killed run left half-made below a directory.
sub sweep {
    my ($directory) = @_;
    for my $name (sweep_names($directory)) {
        my $path = "$directory/$name";
        sweep($path) if -d $path && !-l $path && !is_mount($path);
    }
    return;
}

# The same for the names in a directory alone; returns those that are nothing of ours. A link is made when its target
# is complete, so it takes its place; any other path that was on its way out comes back when nothing took its place.
sub sweep_names {
    my ($directory) = @_;
    my ($prefix, @others, %ours) = ($directory eq '/' ? '' : $directory);
    for my $name (entries($directory)) {
        my $path = "$prefix/$name";
        if ($name ne $NEW && $name ne $OLD || -l $path || !-d _) {
            push @others, $name;
        } else {
            $ours{$name} = $path;
        }
    }
    # What is on its way out comes back first: what is new may wait to take the place of it.
    for my $kind (grep { $ours{$_} } $OLD, $NEW) {
        my $holder = $ours{$kind};
        _sweep_one($kind, "$holder/$_", "$prefix/$_") for entries($holder);
        remove_tree($holder) if -d $holder;
    }
    return @others;
}

sub _sweep_one {
    my ($kind, $path, $meant) = @_;
    if ($kind eq $OLD && !exists_($meant)) {
        change 'bring back ' . shown($meant), sub { rename $path, $meant or die shown($meant) . ": $!\n" };
    } elsif ($kind eq $NEW && -l $path && (!exists_($meant) || _is_going($meant))) {
        change 'go on replacing ' . shown($meant), sub { replace($path, $meant) };
    }
    return;
}

1;
