import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
assert it.debs('consumer/target') == ['packages-1.0.0-bootc.deb']
assert it.field('consumer/target/dependency/packages-1.0.0-bootc.deb', 'Package') == 'bootc'
return true
