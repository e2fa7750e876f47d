package BootcBaseimage::Check::Machine;

# Rules about what a machine must not share with the next one, or with the build host.

use strict;
use warnings;
use BootcBaseimage::Identity;
use BootcBaseimage::Secrets;
use BootcBaseimage::Users;

our @RULES = (
    ['identity', 'fatal', 'no machine-id, SSH host keys or names of a storage network', \&identity_left],
    ['private-keys', 'fatal', 'no private key in /etc, /var, factory or sysimage, unless waived', \&private_keys],
    ['passwords', 'warning', 'no account has a password, or needs none', \&passwords],
    ['build-host', 'warning', 'nothing names the build host', \&build_host_left],
    ['ids', 'fatal', 'the numbers of all accounts are recorded', \&ids_differences],
);

1;
