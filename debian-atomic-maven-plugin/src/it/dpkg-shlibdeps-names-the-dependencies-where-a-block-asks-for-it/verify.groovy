import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
def deb = it.debs('target')[0]
def found = it.field("target/$deb", 'Depends') - 'cloud-guest-utils, mount, ostree, podman, skopeo, '
assert found ==~ /libc6 \(>= [0-9.]+\), .*libselinux1 \(.*/
def release = new File('/etc/os-release').readLines().find { it.startsWith('PRETTY_NAME=') }.replaceAll('PRETTY_NAME=|"', '')
assert it.log('Depends on .*').size() == 1
assert it.log('Depends on .*')[0] ==~ /Depends on \Q$found\E, found by dpkg-shlibdeps [0-9.]+ in the libraries of \Q$release\E/
assert !new File(basedir, 'target/debian-atomic').list().any { it.contains('shlibdeps') }
return true
