import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
def elsewhere = new File(basedir, 'elsewhere')
assert elsewhere.mkdir()
def deb = new File(basedir, 'target/bootc_1.0.0_all.deb').bytes
new File(elsewhere, 'bootc.deb').bytes = deb
new File(elsewhere, 'cut.deb').bytes = Arrays.copyOf(deb, 1000)
def version = new File(basedir, 'pom.xml').text.find(/<version>([^<]+)<\/version>\s+<executions>/) { it[1] }
def command = ["$mavenHome/bin/mvn".toString(), '-B', '-s', settings, "-Dmaven.repo.local=$localRepositoryPath".toString(),
               "io.github.debianatomic:debian-atomic-maven-plugin:$version:verify".toString()]
assert it.run(elsewhere.toPath(), [:], command + ['-DdebianAtomic.debs=bootc.deb']).contains('1 deb, ')
def cut = it.fail(elsewhere.toPath(), command + ['-DdebianAtomic.debs=bootc.deb,cut.deb'])
assert cut.contains('1 error: cut.deb: archive: is cut: a member ends ')
assert !cut.contains('\tat ')
assert it.fail(elsewhere.toPath(), command + ['-DdebianAtomic.debs=none.deb']).contains("debs: 'none.deb' is no file; expected file names")
return true
