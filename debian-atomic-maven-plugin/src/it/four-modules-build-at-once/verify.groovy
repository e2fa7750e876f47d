import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
for (module in ['one', 'two', 'three', 'four']) {
    assert it.digests(basedir.toPath().resolve(module).resolve('target')).size() == 4
}
return true
