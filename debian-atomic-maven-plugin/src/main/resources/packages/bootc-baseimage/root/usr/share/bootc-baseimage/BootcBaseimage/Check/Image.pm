package BootcBaseimage::Check::Image;

# Rules about what the image is made of: links, the packages' database, kernel, configuration.

use strict;
use warnings;
use BootcBaseimage::Files;
use BootcBaseimage::Guard;
use BootcBaseimage::Kernel;
use BootcBaseimage::Mounts;
use BootcBaseimage::OsRelease;
use BootcBaseimage::Presets;
use BootcBaseimage::Sysimage;
use BootcBaseimage::Tmpfiles;
use BootcBaseimage::TopLevel;
use BootcBaseimage::Var;

our @RULES = (
    ['top-level-links', 'fatal', '/home, /root and the like lead into /var', \&_links],
    ['link-targets', 'fatal', 'the links of / lead to directories, so that a derived build can go on', \&_targets],
    ['dpkg-database', 'fatal', "dpkg's database is in /usr/lib/sysimage and /var/lib/dpkg leads to it", \&_database],
    ['dpkg-audit', 'fatal', 'every package is fully installed', \&audit],
    ['parent-modes', 'fatal', 'copies of state are as closed to others as the state', sub { var_parent_differences(checked_var()) }],
    ['kernel-files', 'fatal', 'each kernel has one vmlinuz and one initramfs.img', \&_kernel_files],
    ['initramfs', 'fatal', 'each initramfs.img has the dracut module ostree, which mounts the deployment', \&_initramfs],
    ['root-links', 'warning', 'no vmlinuz or initrd.img in /', \&_root_links],
    ['prepare-root', 'fatal', 'ostree-prepare-root mounts /sysroot read-only', \&_prepare_root],
    ['install-config', 'warning', 'bootc install knows the type of the root file system', \&_install_config],
    ['os-release', 'warning', 'os-release has ID, NAME and VERSION_ID, as image builders want', \&_os_release],
    ['presets', 'fatal', 'a first boot leaves the units as they are', \&preset_differences],
    ['apt-timers', 'warning', 'no timer calls apt, which cannot write /usr', sub { map { "$_ is enabled" } enabled_apt_timers() }],
    ['devices', 'warning', '/dev has no device nodes, which ostree cannot commit', \&_devices],
    ['left-overs', 'warning', 'nothing is left of container builds', \&_left_overs],
);

sub _links {
    read_tmpfiles();
    return map {
        my ($path, $target) = @$_;
        my $now = readlink $path;
        !defined $now ? "$path is not a link to $target" : $now ne $target ? "$path leads to $now, not to $target" : ()
    } top_level_links();
}

sub _targets {
    read_tmpfiles();
    return map { "$_->[0] leads nowhere" } grep { defined $_->[2] && -l $_->[0] && !-d $_->[0] } top_level_links();
}

sub _database {
    my $wanted = sysimage_link('/var/lib/dpkg');
    my @found;
    push @found, "/var/lib/dpkg is not a link to $wanted" if (readlink('/var/lib/dpkg') // '') ne $wanted;
    push @found, '/var/lib/dpkg/status is missing or empty' unless -s '/var/lib/dpkg/status';
    my $ours = $BootcBaseimage::Tmpfiles::OURS;
    push @found, "$ours does not make the link at boot"
        unless (read_file($ours) // '') =~ m{^L /var/lib/dpkg - - - - \Q$wanted\E$}m;
    return @found;
}

sub _kernel_files {
    my @found;
    for my $version (kernels()) {
        push @found, map { "$_ is missing or empty" } grep { !-s } map { "/usr/lib/modules/$version/$_" } qw(vmlinuz initramfs.img);
    }
    return @found;
}

sub _initramfs {
    my @found;
    for my $file (grep { -s } map { "/usr/lib/modules/$_/initramfs.img" } kernels()) {
        my @modules = eval { output('lsinitrd', '--mod', $file) };
        push @found, "$file has no module ostree" unless grep { /^ostree\z/ } @modules;
    }
    return @found;
}

sub _root_links { return grep { exists_($_) } map { "/$_" } qw(vmlinuz vmlinuz.old initrd.img initrd.img.old) }

sub _prepare_root {
    my $file = '/usr/lib/ostree/prepare-root.conf';
    my $text = read_file($file) // return "$file is missing";
    return if $text =~ /^\[sysroot\]\s*\n(?:(?!\[).*\n)*?\s*readonly\s*=\s*(?:true|yes|1)\b/m;
    return "$file has not [sysroot] readonly = true";
}

sub _install_config {
    for my $folder (qw(/usr/lib/bootc/install /etc/bootc/install)) {
        for my $text (map { read_file("$folder/$_") // '' } grep { /\.toml\z/ } entries($folder)) {
            return if $text =~ /^\s*root-fs-type\s*=/m;
            return if $text =~ /^\[install\.filesystem\.root\]\s*\n(?:(?!\[).*\n)*?\s*type\s*=/m;
        }
    }
    return 'no file of /usr/lib/bootc/install has [install.filesystem.root] type';
}

sub _os_release {
    my %have = os_release();
    return map { "$_ is not set; \"os-release $_=…\" in /etc/bootc-baseimage/finalize.d sets it" }
        grep { !defined $have{$_} } qw(ID NAME VERSION_ID);
}

sub _devices {
    return if is_mount('/dev');
    return grep { !is_mount($_) && (-b || -c _) } map { "/dev/$_" } entries('/dev');
}

my %LEFT_OVER = (
    '/usr/sbin/policy-rc.d' => 'services are not reloaded, logrotate among them',
    '/etc/apt/apt.conf.d/docker-clean' => 'apt deletes its caches on every run',
    '/etc/apt/apt.conf.d/docker-autoremove-suggests' => 'apt autoremoves more',
    '/etc/apt/apt.conf.d/docker-gzip-indexes' => 'apt keeps its lists compressed',
    '/etc/apt/apt.conf.d/docker-no-languages' => 'apt has no translations',
    '/etc/dpkg/dpkg.cfg.d/docker-apt-speedup' => 'dpkg does not sync what it writes',
);

sub _left_overs { return map { "$_: $LEFT_OVER{$_}" } grep { exists_($_) } sort keys %LEFT_OVER }

1;
