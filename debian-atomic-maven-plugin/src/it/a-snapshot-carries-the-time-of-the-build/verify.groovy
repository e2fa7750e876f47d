import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
assert it.debs('target').findAll { it.startsWith('bootc_') } ==
    ['bootc_1.1.0~rc1~snapshot20261123021500_all.deb', 'bootc_1.1.0~rc1~snapshot20270101000000_all.deb']
return true
