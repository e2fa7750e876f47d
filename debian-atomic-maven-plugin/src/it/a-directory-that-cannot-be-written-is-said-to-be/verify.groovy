import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
def maven = ["$mavenHome/bin/mvn".toString(), '-B', '-s', settings, "-Dmaven.repo.local=$localRepositoryPath".toString(), 'package']

// a directory without permission, for a user that is not above permissions
def locked = new File(basedir, 'locked')
locked.mkdir()
locked.setWritable(false, false)
def setpriv = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-dac_override,-dac_read_search']
def denied = it.fail(basedir.toPath(), setpriv + maven + ['-DdebianAtomic.outputDirectory=locked'])
assert denied.contains("Cannot build package bootc: ${locked} (<outputDirectory>) is not writable; give the user of the build write permission".toString())

// a file system of 64 KiB
def small = new File(basedir, 'small')
small.mkdir()
def mounted = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=64k none small && "$@"; status=$?; ls -A small; exit $status', 'sh']
def full = it.fail(basedir.toPath(), mounted + maven + ['-DdebianAtomic.outputDirectory=small'])
assert full.contains('Cannot build package ')
assert full.contains('No space left on device; free some space, or set <outputDirectory> to another file system')
def left = full.readLines().findAll { it.matches('\\.?[a-z-]+_1\\.0\\.0_all\\.deb.*') }
assert left.every { it.endsWith('.deb') && !it.startsWith('.') } : left // those complete before the disk was full
return true
