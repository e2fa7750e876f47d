package BootcBaseimage::Sysimage;

# State that belongs to the image: it moves from /var to /usr/lib/sysimage, and a relative link leads to it.

use strict;
use warnings;
use Exporter 'import';
use File::Path qw(make_path);
use BootcBaseimage::Change;
use BootcBaseimage::Files;
use BootcBaseimage::Locks;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(shown unescape);
use BootcBaseimage::Parents;
use BootcBaseimage::Replace;
use BootcBaseimage::SeedList qw($SEED_LIST);
use BootcBaseimage::Tmpfiles;

our @EXPORT = qw(sysimage_path sysimage_link sysimage_copies restore_var take_into_sysimage drop_from_sysimage);

my $SYSIMAGE = '/usr/lib/sysimage';

sub sysimage_path {
    my ($path) = @_;
    $path =~ s{^/var/(?:lib/)?}{$SYSIMAGE/};
    return $path;
}

# What Parents.pm asks for: [copy, path, top] of each path.
sub sysimage_copies { return map { [sysimage_path($_), $_, $SYSIMAGE] } @_ }

# The relative link that belongs at a path of /var.
sub sysimage_link {
    my ($path) = @_;
    return '../' x (($path =~ tr{/}{}) - 1) . substr sysimage_path($path), 1;
}

# A build step that emptied /var took the link to dpkg's database with it, and all state: both come back before
# anything asks dpkg.
sub restore_var {
    return if -s '/var/lib/dpkg/status' || !-s "$SYSIMAGE/dpkg/status";
    change 'restore /var from the image', sub {
        make_path('/var/lib');
        _remove_directory('/var/lib/dpkg');
        link_to('/var/lib/dpkg', sysimage_link('/var/lib/dpkg'));
        # As at boot.
        run('/usr/share/bootc-baseimage/seed') if -e $SEED_LIST;
        run('systemd-tmpfiles', '--create', '--boot', '--prefix=/var', $BootcBaseimage::Tmpfiles::OURS)
            if -e $BootcBaseimage::Tmpfiles::OURS;
    };
    return;
}

sub _remove_directory {
    my ($path) = @_;
    remove_tree($path) if -d $path && !-l $path;
    return;
}

# What is found in /var is newer than an older copy in the image: a package that replaced the link wrote it.
sub take_into_sysimage {
    my (@paths) = @_;
    for my $path (@paths) {
        if (-l $path) {
            link_to($path, sysimage_link($path));
            next;
        }
        my $target = sysimage_path($path);
        change 'move ' . shown($path) . ' to ' . shown($target), sub { _move($path, $target) };
    }
    mend_parents(sysimage_copies(@paths));
    return;
}

sub _move {
    my ($path, $target) = @_;
    my $mount = mount_below($path);
    die shown($path) . ' belongs to the image, but ' . shown($mount) . " is mounted below it\n" if $mount;
    make_path($SYSIMAGE);
    make_parents($target, $path, $SYSIMAGE);
    my $new = half_made($target);
    copy($path, $new);
    sync_tree($new);
    if ($path eq '/var/lib/dpkg') {
        my $busy = lock_directory($new);
        die "$busy\n" if $busy;
    }
    replace($new, $target);
    sync_tree($target);
    my $link = half_made($path);
    symlink sysimage_link($path), $link or die shown($link) . ": $!\n";
    replace($link, $path);
    return;
}

# What a removed package left: an earlier run linked it, and now no link of /var leads to it.
sub drop_from_sysimage {
    my (@linked) = @_;
    my %linked = map { $_ => 1 } @linked;
    for my $line (grep { $_->{type} eq 'L' && !$linked{ $_->{path} } } previous_lines()) {
        my $argument = unescape($line->{argument} // '') =~ s/%%/%/gr;
        next if $argument ne sysimage_link($line->{path}) || exists_($line->{path});
        remove_tree(sysimage_path($line->{path}));
    }
    return;
}

1;
