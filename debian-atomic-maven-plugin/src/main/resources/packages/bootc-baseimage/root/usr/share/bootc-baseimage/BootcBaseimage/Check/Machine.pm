package BootcBaseimage::Check::Machine;

# Rules about what a machine must not share with the next one, or with the build host.

use strict;
use warnings;
use BootcBaseimage::Identity;
use BootcBaseimage::Passwords;
use BootcBaseimage::Secrets;
use BootcBaseimage::Users;

our @RULES = (
    ['identity', 'fatal', 'no machine-id, machine key or name in a storage network', \&identity_left],
    ['private-keys', 'fatal', 'no private key, password or number of one machine (secrets.conf), unless waived', sub { secrets_left('fatal') }],
    ['passwords', 'warning', 'no account has a password, or needs none', \&passwords],
    ['superusers', 'warning', 'only root has number 0', \&superusers],
    ['build-host', 'warning', 'nothing names the build host (secrets.conf)', sub { (build_host_left(), secrets_left('warn')) }],
    ['ids', 'fatal', 'the numbers of all accounts are recorded', \&ids_differences],
);

1;
