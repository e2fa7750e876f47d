import io.github.debianatomic.maven.It
import io.github.debianatomic.maven.verify.Checks

def it = new It(basedir, sources, renew)
assert it.log('.* debs, .* checks, .*') == ["4 debs, ${Checks.ALL.size()} checks, no findings".toString()]
assert it.log('(error|warning) +[a-z0-9-]+ +.*').size() == Checks.ALL.size()
assert it.log('.*: debs: there is none to check: .*').size() == 1
return true
