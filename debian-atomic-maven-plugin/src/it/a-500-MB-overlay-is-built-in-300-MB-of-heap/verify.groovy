import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
try {
    assert new File(basedir, 'destdir').directorySize() > 500_000_000
    def tree = it.tree('target/bootc_1.0.0_amd64.deb')
    assert tree['./usr/bin/bootc'] == '0755'
    assert tree['./usr/lib/acme/data'] == '0644'
    assert it.field('target/bootc_1.0.0_amd64.deb', 'Installed-Size').toInteger() > 500_000
} finally {
    // two gigabytes that nobody wants to keep
    new File(basedir, 'destdir').deleteDir()
    new File(basedir, 'target').deleteDir()
}
return true
