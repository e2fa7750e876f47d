import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
def expected = it.digests(basedir.toPath().resolve('target'))
assert expected.size() == 4
def report = new StringBuilder()
def build = { name, maven, jdk, environment, arguments, umask ->
    def elsewhere = new File(basedir, "elsewhere/$name")
    elsewhere.mkdirs()
    new File(elsewhere, 'pom.xml').text = new File(basedir, 'pom.xml').text
    def command = ['sh', '-c', "umask $umask; exec \"\$@\"".toString(), 'sh', "$maven/bin/mvn".toString(), '-q', '-B', '-s', settings,
        "-Dmaven.repo.local=$localRepositoryPath".toString(), 'package'] + arguments
    it.run(elsewhere.toPath(), environment + [JAVA_HOME: jdk.toString()], command)
    assert it.digests(elsewhere.toPath().resolve('target')) == expected : name
    report << "$name: same bytes\n"
}
def jdks = It.jdks()
for (maven in [mavenHome] + (mavenHomes as String).split(',').toList()) {
    for (jdk in jdks) {
        build("${new File(maven as String).name}-${jdk.fileName}", maven, jdk, [:], [], '022')
    }
    // what old Mavens are silent about: the same deb attached twice, a misspelt parameter
    def name = new File(maven as String).name
    def home = basedir.toPath().resolve("elsewhere/$name-${jdks[0].fileName}")
    def command = ["$maven/bin/mvn".toString(), '-B', '-s', settings, "-Dmaven.repo.local=$localRepositoryPath".toString()]
    def installed = it.run(home, [JAVA_HOME: jdks[0].toString()], command + ['package', 'install'])
    assert installed.readLines().count { it.matches('.*Installing .*bootc_1\\.0\\.0_all\\.deb to .*') } == 1 : installed
    def misspelt = new File(home.toFile(), 'misspelt.xml')
    misspelt.text = new File(basedir, 'pom.xml').text.replace('<packages>', '<compresion>gzip</compresion><packages>')
    assert it.fail(home, command + ['-f', 'misspelt.xml', 'package']).contains("there is no parameter 'compresion'; did you mean 'compression'?")
    report << "$name: attached once, misspelt parameter found\n"
}
build('umask', mavenHome, jdks[0], [:], [], '077')
// the JVM's own options: what Maven sets of them comes too late, and the machine need not have the locales
build('time-zone-and-turkish', mavenHome, jdks[0],
    [TZ: 'Asia/Kathmandu', MAVEN_OPTS: '-Duser.name=somebody -Duser.language=tr -Duser.region=TR -Duser.timezone=Pacific/Apia'], [], '002')
build('persian', mavenHome, jdks[0], [MAVEN_OPTS: '-Duser.language=fa -Duser.region=IR'], [], '022')
build('no-locale', mavenHome, jdks[0], [LC_ALL: 'C'], [], '022')
build('environment', mavenHome, jdks[0],
    [DEBVERSION: '9', DEBFULLNAME: 'Somebody Else', DEBEMAIL: 'else@example.org', SOURCE_DATE_EPOCH: '1'], [], '022')
new File(basedir.parentFile.parentFile, 'same-bytes.txt').text = report
println report
return true
