import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
def root = 'id -u'.execute().text.trim() == '0'
def maven = ["$mavenHome/bin/mvn".toString(), '-B', '-s', settings, "-Dmaven.repo.local=$localRepositoryPath".toString(), 'package']

// a directory without permission; root has to give up its right to write anywhere
def locked = new File(basedir, 'locked')
locked.mkdir()
locked.setWritable(false, false)
def unprivileged = root ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-dac_override,-dac_read_search'] : []
def denied = it.fail(basedir.toPath(), unprivileged + maven + ['-DdebianAtomic.outputDirectory=locked'])
assert denied.contains("Cannot build package bootc: ${locked} (<outputDirectory>) is not writable; give the user of the build write permission".toString())

// a file system too small for the debs
def namespace = root ? ['unshare', '--mount'] : ['unshare', '--user', '--map-root-user', '--mount']
def onSmall = { size, arguments ->
    new File(basedir, 'small').mkdir()
    def script = "mount -t tmpfs -o size=$size none small && \"\$@\"; status=\$?; echo left: \$(ls -A small); exit \$status".toString()
    it.fail(basedir.toPath(), namespace + ['sh', '-c', script, 'sh'] + maven + arguments)
}
def full = onSmall('8k', ['-DdebianAtomic.outputDirectory=small'])
assert full.contains("there is no space left below ${basedir}/small; free some, or set <outputDirectory> to another file system".toString())
assert full.readLines()*.replaceAll(/\u001b\[[0-9;]*m/, '').contains('left:')
return true
