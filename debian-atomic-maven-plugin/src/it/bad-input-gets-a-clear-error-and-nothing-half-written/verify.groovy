import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
def errors = new File(basedir, 'build.log').readLines()*.replaceAll(/\u001b\[[0-9;]*m/, '')
    .findAll { it.startsWith('[ERROR] ') && it.contains(' on project ') }
    *.replaceFirst(/^\[ERROR\] Failed to execute goal \S+:([a-z-]+) \(([a-z-]+)\) on project [a-z-]+: /, '$1 ($2): ')
    *.replaceFirst(/ -> \[Help 1\]$/, '')
    *.replace(basedir.path, 'BASEDIR')
it.golden('errors.txt', errors.join('\n') + '\n')
// the build with one classifier for two executions had made and attached the first; no other may leave anything
def target = new File(basedir, 'target')
assert target.list().sort() ==
    ['apt-ostree_1.0.0_all.deb', 'bootc-baseimage_1.0.0_all.deb', 'bootc-dracut_1.0.0_all.deb', 'bootc_1.0.0_all.deb', 'debian-atomic']
assert new File(basedir, 'precious/bootc/notes.txt').exists()
assert !new File(basedir, 'build.log').text.contains('\tat io.github.debianatomic')
return true
