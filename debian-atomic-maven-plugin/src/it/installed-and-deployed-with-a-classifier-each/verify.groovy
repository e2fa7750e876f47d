import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
def expected = ['apt-ostree', 'bootc', 'bootc-baseimage', 'bootc-dracut'].collect { "classifiers-1.0.0-${it}.deb".toString() }.sort()
assert it.debs('target/repository/com/example/classifiers/1.0.0') == expected
assert new File(localRepositoryPath, 'com/example/classifiers/1.0.0').list().findAll { it.endsWith('.deb') }.sort() == expected
assert it.digests(basedir.toPath().resolve('target')).values().sort() ==
    it.digests(basedir.toPath().resolve('target/repository/com/example/classifiers/1.0.0')).values().sort()
return true
