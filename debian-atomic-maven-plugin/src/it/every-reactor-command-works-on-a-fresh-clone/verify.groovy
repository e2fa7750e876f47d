import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
def root = new File(sources).toPath().resolve('../../..').normalize()
def clone = new File(basedir, 'clone').toPath()
it.run(basedir.toPath(), [:], ['sh', '-c', '''
    mkdir clone && cd "$0" && tar -c --exclude=target --exclude=src/it --exclude=src/test pom.xml .mvn debian-atomic-maven-plugin example-project |
    tar -x -C "$OLDPWD/clone"''', root.toString()])
// a repository of its own, without the plugin: what a new machine has
def repository = new File(basedir, 'repository')
def maven = ["$mavenHome/bin/mvn".toString(), '-q', '-B', '-s', settings, "-Dmaven.repo.local=$repository".toString()]
for (command in ['validate', 'compile', 'clean', 'test', 'dependency:tree', 'help:effective-pom', 'dependency:go-offline', 'package', 'clean package',
                 '-T2 package', 'package install']) {
    it.run(clone, [:], maven + command.split(' ').toList())
    def installed = new File(repository, 'io/github/debianatomic/debian-atomic-maven-plugin/1.0.0-SNAPSHOT/debian-atomic-maven-plugin-1.0.0-SNAPSHOT.jar')
    assert installed.exists() == (command == 'package install') : command
}
// after the installation the example builds alone, and deploys
def example = clone.resolve('example-project')
// the README's line for CI
it.run(example, [:], ['sh', '-c', "\"\$@\" -Dproject.build.outputTimestamp=\$(git -C $root log -1 --format=%cI) deploy".toString(), 'sh'] + maven + ['clean'])
assert it.debs('clone/example-project/target/repository').size() == 5
return true
