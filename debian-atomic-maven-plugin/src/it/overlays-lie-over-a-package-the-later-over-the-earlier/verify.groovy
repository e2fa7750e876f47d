import io.github.debianatomic.maven.It
import java.nio.file.Files

def it = new It(basedir, sources, renew)
def tree = it.tree('target/bootc_1.0.0_all.deb')
assert tree['./usr/libexec/acme'] == '0755'
assert tree['./usr/share/acme/apache-maven-3.6.3/bin/mvn'] == '0755'
assert tree['./usr/share/acme/apache-maven-3.6.3/conf/settings.xml'] == '0644'
assert tree['./usr/share/acme/maven.pom'] == '0644'
for (type in ['tar', 'tar.gz', 'tar.xz', 'tar.zst']) {
    assert tree["./usr/libexec/acme-$type".toString()] == '0755'
    assert tree["./usr/lib/acme/$type".toString()] == '0777'
    assert Files.readSymbolicLink(new File(basedir, "target/debian-atomic/bootc/usr/lib/acme/storage-$type").toPath()) as String ==
        '../../../sysroot/ostree'
}
assert !tree['./usr/lib/acme/pipe']
assert tree.keySet().every { !it.contains('/logging/') }
assert it.log('.* built by no goal .*')*.replace('\\', '/') == [new File(basedir, 'src/main/debian-atomic/bootcc').path.replace('\\', '/') +
    " is built by no goal of the POM: add <goal>package</goal>, or correct the folder's name"]
assert it.log('Replacing .*') == ['Replacing /usr/lib/bootc/kargs.d/20-acme.toml from src/main/debian-atomic/bootc by the one from destdir']
assert new File(basedir, 'target/debian-atomic/bootc/usr/lib/bootc/kargs.d/20-acme.toml').text.contains('ttyS0')
assert !new File(basedir, 'target/debian-atomic/bootc.unpacked').exists()
return true
