package BootcBaseimage::Identity;

# What tells machines apart must not come with the image, and what tells of the build host is not the machine's.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Files;
use BootcBaseimage::MachineKeys;
use BootcBaseimage::Mounts;
use BootcBaseimage::SecretText;

our @EXPORT = qw(forget_identity identity_left build_host_left);

my $MACHINE_ID = '/etc/machine-id';

# An empty file is no first boot to systemd; this word is one.
my $UNINITIALIZED = "uninitialized\n";

# The name of one machine in a storage network. open-iscsi makes a new one when it finds this word.
my $INITIATOR = '/etc/iscsi/initiatorname.iscsi';
my $GENERATE = "GenerateName=yes\n";

sub forget_identity {
    write_file($MACHINE_ID, $UNINITIALIZED, 0444) unless is_mount($MACHINE_ID);
    remove_machine_keys();
    write_file($INITIATOR, $GENERATE, 0600) if -e $INITIATOR;
    remove_file('/etc/hostname') if is_build_host(_first_line('/etc/hostname'));
    return;
}

sub _first_line {
    my ($path) = @_;
    return if is_mount($path);
    my ($line) = split /\n/, read_file($path) // '';
    return $line;
}

sub identity_left {
    my @found;
    my $id = read_file($MACHINE_ID);
    push @found, "$MACHINE_ID is not \"uninitialized\": machines would share it, or no boot would be the first"
        if !is_mount($MACHINE_ID) && ($id // '') ne $UNINITIALIZED;
    push @found, "$INITIATOR would be the same on every machine" if (read_file($INITIATOR) // $GENERATE) ne $GENERATE;
    return @found, machine_keys_left();
}

sub build_host_left {
    my @found;
    for my $file (qw(/etc/hostname /etc/mailname)) {
        my $name = _first_line($file);
        if ($file eq '/etc/hostname' && is_build_host($name)) {
            push @found, "$file names the build host ($name)";
        } elsif (-e $file && !defined $name && !is_mount($file)) {
            push @found, "$file is empty, as container builders leave it";
        }
    }
    my $resolver = '/etc/resolv.conf';
    push @found, "$resolver is a file of the build host's network, or was emptied by a container builder"
        if -f $resolver && !-l $resolver && !is_mount($resolver);
    return @found;
}

1;
