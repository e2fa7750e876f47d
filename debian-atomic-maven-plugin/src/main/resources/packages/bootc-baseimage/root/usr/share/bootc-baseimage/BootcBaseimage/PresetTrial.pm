package BootcBaseimage::PresetTrial;

# What a first boot would do to the units: "preset-all", tried on a copy of the links and unit files.

use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(basename);
use File::Path qw(make_path);
use File::Temp ();
use BootcBaseimage::Files;
use BootcBaseimage::Replace;

our @EXPORT = qw(try_presets);

# preset_file => text, to try instead of what the root has; a list of { scope, unit, text } for links that change.
sub try_presets {
    my (%text) = @_;
    my $root = _copy();
    for my $file (keys %text) {
        unlink $root . $file;
        open my $preset, '>:raw', $root . $file or die "$root$file: $!\n";
        print {$preset} $text{$file};
        close $preset or die "$root$file: $!\n";
    }
    my @found;
    for my $scope (['system'], ['user', '--global']) {
        my ($name, @option) = @$scope;
        my %before = map { $_ => 1 } _links("$root/etc/systemd/$name", '');
        local $ENV{SYSTEMD_OFFLINE} = 1;
        # Its complaints about masked units, and its status, mean nothing here; the links do.
        system "systemctl --root='$root' @option --quiet preset-all 2>/dev/null";
        my %after = map { $_ => 1 } _links("$root/etc/systemd/$name", '');
        push @found, map { _difference($name, 'add', $_) } grep { !$before{$_} } sort keys %after;
        push @found, map { _difference($name, 'remove', $_) } grep { !$after{$_} } sort keys %before;
    }
    return @found;
}

# dracut's units are links of /usr/lib/systemd/system into a folder of dracut's own. The copy goes with the object
# that is returned.
sub _copy {
    my $root = File::Temp->newdir('bootc-baseimage.XXXXXX', TMPDIR => 1);
    my @units = map { ("/usr/lib/systemd/$_", "/usr/lib/systemd/$_-preset") } qw(system user);
    make_path(map { $root . $_ } @units);
    for my $path (grep { -d } '/etc/systemd', @units, '/usr/lib/dracut/modules.d') {
        make_path($root . $path);
        copy($path, $root . $path);
    }
    symlink 'usr/lib', "$root/lib";
    return $root;
}

sub _difference {
    my ($scope, $verb, $link) = @_;
    return { scope => $scope, unit => basename($link), text => "a first boot would $verb /etc/systemd/$scope$link" };
}

# "/folder/name -> target" for each link.
sub _links {
    my ($top, $below) = @_;
    return map {
        my $path = "$below/$_";
        -l "$top$path" ? "$path -> " . readlink("$top$path") : -d "$top$path" ? _links($top, $path) : ()
    } entries("$top$below");
}

1;
