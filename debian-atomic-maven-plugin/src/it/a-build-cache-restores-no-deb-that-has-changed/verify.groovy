import io.github.debianatomic.maven.It
import java.nio.file.Files

def it = new It(basedir, sources, renew)
// Maven's build cache extension needs 3.9, which the project's first build may not be
def maven = mavenHomes.split(',')[1]
new File(basedir, 'cache').renameTo(new File(basedir, '.mvn'))
def config = new File(basedir, '.mvn/maven-build-cache-config.xml')
config.text = config.text.replaceFirst('<location>.*</location>', "<location>$basedir/cached-builds</location>")
def mvn = { String... arguments ->
    it.run(basedir.toPath(), [:], ["$maven/bin/mvn".toString(), '-B', '-s', settings, "-Dmaven.repo.local=$localRepositoryPath".toString()] + (arguments as List)).readLines()
        .findAll { it =~ /INFO\] (bootc|acme-policy) 1|Found cached build/ }
        .collect { it.replaceFirst(/^.*INFO\] (\S+) 1\.0\.0: .* files(.*)$/, '$1$2').replaceFirst(/^.*(Found cached build).*$/, '$1') }
}
def target = new File(basedir, 'target')
def debs = { -> it.digests(target.toPath()) }

assert mvn('package') == ['bootc, as before', 'acme-policy, as before']
def first = debs()
assert first.size() == 2

// of the goals' debs the cache knows nothing
assert mvn('package') == ['Found cached build', 'bootc, as before', 'acme-policy, as before']
target.deleteDir()
assert mvn('package') == ['Found cached build', 'bootc', 'acme-policy']
assert debs() == first

def conf = new File(basedir, 'src/main/debian-atomic/acme-policy/root/usr/lib/sysctl.d/50-acme.conf').toPath()
Files.writeString(conf, Files.readString(conf).replace('1', '2'))
target.deleteDir()
assert mvn('package') == ['Found cached build', 'bootc', 'acme-policy']
assert debs() != first

// what is installed has the version of now, and no package that is gone
def repository = new File(basedir, 'repository')
new File(basedir, 'src/main/debian-atomic/acme-policy').renameTo(new File(basedir, 'acme-policy'))
mvn('clean', 'install', '-DdebianAtomic.version=2', "-Dmaven.repo.local=$repository", "-Dmaven.repo.local.tail=$localRepositoryPath")
def installed = new File(repository, 'com/example/cached/1.0.0')
assert installed.list().findAll { it.endsWith('.deb') } == ['cached-1.0.0-bootc.deb']
assert new File(installed, 'cached-1.0.0-bootc.deb').bytes == new File(target, 'bootc_2_all.deb').bytes
return true
