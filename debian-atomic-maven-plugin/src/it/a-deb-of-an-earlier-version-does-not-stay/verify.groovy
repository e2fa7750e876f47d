import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
assert it.log('bootc 0\\.9: .*').size() == 1
assert it.debs('target') ==
    ['apt-ostree_1.0.0_all.deb', 'bootc-baseimage_1.0.0_all.deb', 'bootc-dracut_1.0.0_all.deb', 'bootc_1.0.0_all.deb']
return true
