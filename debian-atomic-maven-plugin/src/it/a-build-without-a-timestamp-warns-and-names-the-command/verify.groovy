import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
assert it.log('.*outputTimestamp is not set.*mvn -Dproject.build.outputTimestamp=\\$\\(git log -1 --format=%cI\\) deploy').size() == 1
assert it.debs('target').first() == 'apt-ostree_1.1.0~snapshot_all.deb'
return true
