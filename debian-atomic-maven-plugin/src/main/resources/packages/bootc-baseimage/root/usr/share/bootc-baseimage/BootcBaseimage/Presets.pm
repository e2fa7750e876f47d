package BootcBaseimage::Presets;

# Presets as built: on a first boot PID 1 presets every unit, and must arrive at the links that the image has.

use strict;
use warnings;
use Cwd qw(realpath);
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

sub write_presets {
    my %text = _texts();
    # Presets of the image's author are carried out now, not at each machine's first boot.
    if (my @asked = grep { _is_authors($_->{scope}, $_->{unit}) } try_presets(%text)) {
        _carry_out($_, @asked) for @SCOPES;
        %text = _texts();
    }
    # Enabling can make more links than the image has (forky's getty@tty1 gets an alias that its package did not
    # make): such a unit is left alone.
    for my $difference (_unwanted(try_presets(%text))) {
        my ($file, $unit) = (_path($difference->{scope}), $difference->{unit});
        $text{$file} =~ s/^(?:enable|disable|ignore) \Q$unit\E(?: .*)?\n//m;
        $text{$file} .= "ignore $unit\n";
    }
    write_file($_, $text{$_}) for sort keys %text;
    return;
}

sub _texts { return map { _path($_->[0]) => _lines(@$_) } @SCOPES }

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

sub _carry_out {
    my ($scope, @differences) = @_;
    my ($name, @option) = @$scope;
    my %units = map { $_->{unit} => 1 } grep { $_->{scope} eq $name } @differences;
    my @units = sort keys %units or return;
    change "preset @units", sub { run('systemctl', '--root=/', @option, '--quiet', 'preset', @units) };
    return;
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
    my $path = "/usr/lib/systemd/$scope/$unit";
    return -l $path && (realpath($path) // '/dev/null') !~ m{^(?:/usr/lib|/etc)/systemd/|^/dev/null\z};
}

# template => { instance => 1 }, from the links that enabling made.
sub _instances {
    my ($scope) = @_;
    my %found;
    for my $folder (grep { /\.(?:wants|requires|upholds)\z/ } entries("/etc/systemd/$scope")) {
        for my $name (entries("/etc/systemd/$scope/$folder")) {
            $found{"$1\@.$3"}{$2} = 1 if $name =~ /^(.+?)@(.+)\.(\w+)\z/;
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
            next unless defined $glob && $verb =~ /^(?:enable|disable|ignore)\z/ && $glob ne '*';
            $glob = quotemeta $glob;
            $glob =~ s/\\\*/.*/g;
            $glob =~ s/\\\?/./g;
            push @patterns, qr/^$glob\z/;
        }
    }
    return @patterns;
}

sub _authors_files {
    my ($scope) = @_;
    my $shipped = "/usr/lib/systemd/$scope-preset";
    my @files = map { "/etc/systemd/$scope-preset/$_" } entries("/etc/systemd/$scope-preset");
    push @files, grep { !_is_packaged($_) } map { "$shipped/$_" } grep { $_ ne $NAME } entries($shipped);
    return grep { /\.preset\z/ } @files;
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

# Sentences for links that a first boot would make or remove.
sub preset_differences { return map { $_->{text} } _unwanted(try_presets()) }

# Not those that the image's author asked for.
sub _unwanted { return grep { !_is_authors($_->{scope}, $_->{unit}) } @_ }

sub _is_authors {
    my ($scope, $unit) = @_;
    return !!grep { $unit =~ $_ } _authors_patterns($scope);
}

1;
