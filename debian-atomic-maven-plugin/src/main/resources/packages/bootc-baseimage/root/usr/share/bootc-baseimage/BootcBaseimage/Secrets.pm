package BootcBaseimage::Secrets;

# Private keys in the image: every machine and everyone who can pull the image would have them.

use strict;
use warnings;
use Exporter 'import';
use BootcBaseimage::Change;
use BootcBaseimage::Fates;
use BootcBaseimage::Files;
use BootcBaseimage::Mounts;
use BootcBaseimage::Names qw(shown);

our @EXPORT = qw(remove_secrets private_keys passwords);

my @SEARCHED = qw(/etc /usr/lib/sysimage /usr/share/factory /var);

# Generated secrets by their content; what each is, for the message.
my @CONTENT = (
    ['a private key', qr/^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s*?\n[A-Za-z0-9+\/=:\- ]/m],
    ['a private DNSSEC key', qr/\APrivate-key-format: v1/],
    ['a key of rndc or TSIG', qr/^\s*secret\s+"[A-Za-z0-9+\/]{16,}={0,2}"\s*;/m],
    ['a WireGuard key', qr/^\s*PrivateKey\s*=\s*[A-Za-z0-9+\/]{43}=/m],
    ['a Kerberos keytab', qr/\A\x05\x02.{8}/s],
);

# And by their place, where the content tells nothing.
my @PLACE = (
    ['a private key of GnuPG', qr{/private-keys-v1\.d/[^/]+\.key\z}],
    ['the key of munge', qr{^/etc/munge/munge\.key\z}],
    ['the secret of postsrsd', qr{^/etc/postsrsd\.secret\z}],
    ['the passwords of SASL', qr{^/etc/sasldb2\z}],
    ['the secrets of samba', qr{/samba/private/secrets\.tdb\z}],
    ['a key of systemd-creds', qr{/systemd/credential\.secret\z}],
);

# Keys stand at the beginning or behind a certificate; nothing larger is a key file.
my $LARGEST = 1 << 18;

my $DEBCONF_PASSWORDS = '/var/cache/debconf/passwords.dat';

sub remove_secrets {
    for my $file ($DEBCONF_PASSWORDS, "$DEBCONF_PASSWORDS-old") {
        change "empty $file", sub { truncate $file, 0 or die "$file: $!\n"; utime stamp(), stamp(), $file } if -s $file;
    }
    remove_tree($_) for dropped_elsewhere() ? _dropped('/etc') : ();
    return;
}

# What the image's author wants gone from /etc, a generated key for instance.
sub _dropped {
    my ($directory) = @_;
    my @found;
    for my $path (map { "$directory/$_" } entries($directory)) {
        my ($word, $exact) = fate($path);
        push @found, $path if $word eq 'drop' && $exact;
        push @found, _dropped($path) if -d $path && !-l $path && !is_mount($path) && !$exact;
    }
    return @found;
}

# Sentences for keys that nobody waived.
sub private_keys {
    my @found;
    for my $path (map { _files($_) } @SEARCHED) {
        my $what = _secret($path);
        # A factory copy is the same key as the one it is a copy of.
        my $place = $path =~ s{^/usr/share/factory(?=/)}{}r;
        push @found, shown($path) . " is $what" if $what && !waived($path) && !waived($place);
    }
    return @found;
}

sub _files {
    my ($path) = @_;
    return if -l $path || is_mount($path);
    return $path if -f _;
    return unless -d _;
    return map { _files("$path/$_") } entries($path);
}

sub _secret {
    my ($path) = @_;
    for my $row (@PLACE) {
        return $row->[0] if $path =~ $row->[1] && -s $path;
    }
    return if !-s $path || -s _ > $LARGEST;
    my $text = read_file($path) // return;
    for my $row (@CONTENT) {
        return $row->[0] if $text =~ $row->[1];
    }
    return;
}

# Accounts that can log in with a password that comes with the image, or without any.
sub passwords {
    my @found;
    for my $line (split /\n/, read_file('/etc/shadow') // '') {
        my ($name, $password) = $line =~ /^([^:]+):([^:]*):/ or next;
        push @found, "$name needs no password (/etc/shadow)" if $password eq '';
        push @found, "$name has a password in /etc/shadow" if $password =~ /^[^!*]/;
    }
    return @found;
}

1;
