package BootcBaseimage::Presets;

# Presets as built: on a first boot PID 1 presets every unit, and must arrive at the links that the image has.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Change;
use BootcBaseimage::Files;
use BootcBaseimage::PresetTrial;

our @EXPORT = qw(write_presets preset_differences disable_apt_timers enabled_apt_timers);

# The manager of the system and the one of each user, with the option that makes systemctl speak of it.
my @SCOPES = (['system'], ['user', '--global']);

my $NAME = '00-bootc-baseimage.preset';

my %VERB = (
    'enabled' => 'enable', 'enabled-runtime' => 'enable',
    'disabled' => 'disable', 'indirect' => 'disable', 'linked' => 'disable', 'linked-runtime' => 'disable',
);

# They fail or do nothing on a read-only /usr: updates come as images.
my @APT_TIMERS = qw(apt-daily.timer apt-daily-upgrade.timer);

# Enabling can make more links than the image has (forky's getty@tty1 gets an alias that its package did not make):
# such a unit is left alone.
sub write_presets {
    my %text = map { _path($_->[0]) => _lines(@$_) } @SCOPES;
    for my $difference (try_presets(%text)) {
        $text{ _path($difference->{scope}) } =~ s/^(?:enable|disable) \Q$difference->{unit}\E\b.*$/ignore $difference->{unit}/m;
    }
    write_file($_, $text{$_}) for sort keys %text;
    return;
}

sub _path { return "/usr/lib/systemd/$_[0]-preset/$NAME" }

sub _lines {
    my ($scope, @option) = @_;
    my @author = _authors_patterns($scope);
    my $instances = _instances($scope);
    my @lines = ("# Written by bootc-baseimage-finalize: the units as they are in this image.");
    for my $row (_unit_files(@option)) {
        my ($unit, $state) = @$row;
        my $verb = _is_elsewhere($scope, $unit) ? 'disable' : $VERB{$state} or next;
        next if grep { $unit =~ $_ } @author;
        if ($unit =~ /@\./) {
            # "disable" for a template would remove its instances.
            my @enabled = sort keys %{ $instances->{$unit} // {} };
            push @lines, @enabled ? "enable $unit @enabled" : "disable $unit";
        } else {
            push @lines, "$verb $unit";
        }
    }
    return join q{}, map { "$_\n" } @lines;
}

# Unit and state of every unit file, without asking a running systemd.
sub _unit_files {
    my (@option) = @_;
    local $ENV{SYSTEMD_OFFLINE} = 1;
    my @lines = output('systemctl', '--root=/', @option, qw(list-unit-files --no-legend --no-pager --plain --full));
    return sort { $a->[0] cmp $b->[0] } map { [(split)[0, 1]] } grep { /\S/ } @lines;
}

# A unit that is a link out of the folders of units, as dracut's are: systemctl calls it static, and a preset makes
# links to it in /etc that break at dracut's next renumbering.
sub _is_elsewhere {
    my ($scope, $unit) = @_;
    my $path = readlink "/usr/lib/systemd/$scope/$unit" or return 0;
    return $path =~ m{/} && $path !~ m{^(?:/usr/lib|/lib|/etc)/systemd/|^/dev/null$};
}

# template => { instance => 1 }, from the links that enabling made.
sub _instances {
    my ($scope) = @_;
    my %found;
    for my $folder (grep { /\.(?:wants|requires|upholds)$/ } entries("/etc/systemd/$scope")) {
        for my $name (entries("/etc/systemd/$scope/$folder")) {
            $found{"$1\@.$3"}{$2} = 1 if $name =~ /^(.+?)@(.+)\.(\w+)$/;
        }
    }
    return \%found;
}

# Units whose preset the image's author wrote, in /etc or as a file that no package owns, are the author's.
sub _authors_patterns {
    my ($scope) = @_;
    my @patterns;
    for my $file (_authors_files($scope)) {
        for my $line (split /\n/, read_file($file) // '') {
            my ($verb, $glob) = split ' ', $line;
            next unless defined $glob && $verb =~ /^(?:enable|disable|ignore)$/ && $glob ne '*';
            $glob = quotemeta $glob;
            $glob =~ s/\\\*/.*/g;
            $glob =~ s/\\\?/./g;
            push @patterns, qr/^$glob$/;
        }
    }
    return @patterns;
}

sub _authors_files {
    my ($scope) = @_;
    my $shipped = "/usr/lib/systemd/$scope-preset";
    my @files = map { "/etc/systemd/$scope-preset/$_" } entries("/etc/systemd/$scope-preset");
    push @files, grep { !_is_packaged($_) } map { "$shipped/$_" } grep { $_ ne $NAME } entries($shipped);
    return grep { /\.preset$/ } @files;
}

sub _is_packaged {
    my ($path) = @_;
    return system("dpkg-query --search '$path' >/dev/null 2>&1") == 0 if $path !~ /'/;
    return 0;
}

sub enabled_apt_timers {
    my @author = _authors_patterns('system');
    return grep { my $unit = $_; -l "/etc/systemd/system/timers.target.wants/$unit" && !grep { $unit =~ $_ } @author } @APT_TIMERS;
}

sub disable_apt_timers {
    my @timers = enabled_apt_timers();
    change "disable @timers", sub { run('systemctl', '--root=/', '--quiet', 'disable', @timers) } if @timers;
    return;
}

# Sentences for links that a first boot would make or remove, except where the image's author asked for it.
sub preset_differences {
    my %author = map { $_->[0] => [_authors_patterns($_->[0])] } @SCOPES;
    my @found;
    for my $difference (try_presets()) {
        push @found, $difference->{text} unless grep { $difference->{unit} =~ $_ } @{ $author{ $difference->{scope} } };
    }
    return @found;
}

1;
