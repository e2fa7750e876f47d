import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
assert it.log('bootc 1\\.0\\.0: .*').size() == 2 // the goal ran twice
assert it.log('.*Installing .*once-1\\.0\\.0-bootc\\.deb').size() == 1
return true
