import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
def errors = new File(basedir, 'build.log').readLines()*.replaceAll(/\u001b\[[0-9;]*m/, '')
    .findAll { it.startsWith('[ERROR] ') && it.contains(' on project ') }
    *.replaceFirst(/^\[ERROR\] Failed to execute goal \S+:([a-z-]+) \(([a-z-]+)\) on project [a-z-]+: /, '$1 ($2): ')
    *.replaceFirst(/ -> \[Help 1\]$/, '')
    *.replace(basedir.path, 'BASEDIR')
it.golden('errors.txt', errors.join('\n') + '\n')
def target = new File(basedir, 'target')
// the build with one classifier for two executions had made and attached the first
assert target.list().findAll { it.contains('.deb') }.every { it.endsWith('_1.0.0_all.deb') }
assert !new File(basedir, 'build.log').text.contains('\tat io.github.debianatomic')
return true
