import io.github.debianatomic.maven.It
import java.nio.file.Files
import java.nio.file.attribute.FileTime

def it = new It(basedir, sources, renew)
def mvn = { String... arguments ->
    it.run(basedir.toPath(), [:], ["${mavenHome}/bin/mvn".toString(), '-B', '-s', settings, "-Dmaven.repo.local=$localRepositoryPath".toString()] + (arguments as List))
        .readLines().findAll { it =~ /INFO\] (bootc|acme-policy) 1/ }
        .collect { it.replaceFirst(/^.*INFO\] (\S+) 1\.0\.0: .* files(.*)$/, '$1$2') }
}
def target = new File(basedir, 'target')
def bytes = { -> it.digests(target.toPath()) }
def first = bytes()

assert mvn('package') == ['bootc, as before', 'acme-policy, as before']
assert bytes() == first
assert mvn('package', '-DdebianAtomic.force') == ['bootc', 'acme-policy']
assert bytes() == first

// a file of the same length and time: known by its content, and the other deb was not made of it
def conf = new File(basedir, 'src/main/debian-atomic/acme-policy/root/usr/lib/sysctl.d/50-acme.conf').toPath()
def time = Files.getLastModifiedTime(conf)
Files.writeString(conf, Files.readString(conf).replace('1', '2'))
Files.setLastModifiedTime(conf, time)
assert mvn('package') == ['bootc, as before', 'acme-policy']
assert bytes() != first

// a clock that was changed has no say
Files.setLastModifiedTime(conf, FileTime.fromMillis(0))
assert mvn('package') == ['bootc, as before', 'acme-policy, as before']

// behind a link its target counts
def control = conf.resolve('../../../../../control').normalize()
def shared = new File(basedir, 'shared-control').toPath()
Files.move(control, shared)
Files.createSymbolicLink(control, shared)
assert mvn('package') == ['bootc, as before', 'acme-policy, as before']
Files.writeString(shared, Files.readString(shared).replace('Section: admin', 'Section: misc'))
assert mvn('package') == ['bootc, as before', 'acme-policy']

// a parameter, and with the first deb what the second was checked against
assert mvn('package', '-DdebianAtomic.compression=gzip') == ['bootc', 'acme-policy']
assert mvn('package') == ['bootc', 'acme-policy']

// a deb that is gone, cut, or another's, as a restored cache may have it
new File(target, 'bootc_1.0.0_all.deb').delete()
new File(target, 'acme-policy_1.0.0_all.deb').bytes = new File(target, 'acme-policy_1.0.0_all.deb').bytes[0..99] as byte[]
def built = bytes()
assert mvn('package') == ['bootc', 'acme-policy']
assert bytes() != built

// interrupted before the record was written
new File(target, 'debian-atomic').listFiles().findAll { it.name.endsWith('.inputs') }.each { it.delete() }
assert mvn('package') == ['bootc', 'acme-policy']
assert mvn('clean', 'package') == ['bootc', 'acme-policy']
return true
