import groovy.xml.XmlSlurper
import java.util.zip.ZipFile

def module = new File(sources).toPath().resolve('../..').normalize().toFile()
def dependencies = { File pom -> new XmlSlurper().parse(pom).dependencies.dependency.findAll { !(it.scope.text() in ['provided', 'test']) }*.artifactId*.text() }

// Maven resolves and reads the POM of each artifact before the first goal; without this one Maven 3.8 takes one of 2006
assert dependencies(new File(module, 'dependency-reduced-pom.xml')) == ['plexus-utils']

def libraries = dependencies(new File(module, 'pom.xml'))
assert libraries.sort() == ['commons-compress', 'gson', 'jdeb', 'jna', 'jzlib', 'plexus-utils', 'xz', 'zstd-jni']
def jar = new ZipFile(new File(module, 'target').listFiles().find { it.name ==~ /debian-atomic-maven-plugin-[^-]+(-SNAPSHOT)?\.jar/ })
def names = jar.entries()*.name.findAll { !it.endsWith('/') }
assert names.countBy { it.replaceAll('(META-INF/versions/[0-9]+/)?([^/]+/[^/]+(/[^/]+)?)/.*', '$2') }.keySet().findAll { it =~ '^(com|org)/' } ==
    ['com/github/luben', 'com/google/gson', 'com/jcraft/jzlib', 'com/sun/jna', 'org/apache/commons', 'org/tukaani/xz', 'org/vafer/jdeb'] as Set
assert names.findAll { it.startsWith('org/vafer/') }*.tokenize('/')*.last().sort() ==
    ['BinaryPackageControlFile.class', 'ControlField$Type.class', 'ControlField.class', 'ControlFile.class']
assert names.count { it =~ /^(linux|darwin|win)\/(amd64|x86_64|aarch64)\/libzstd-jni-/ } == 6
assert names.count { it ==~ /com\/sun\/jna\/(linux|darwin|win32)-(x86-64|aarch64)\/(lib)?jnidispatch\..*/ } == 6
assert jar.getInputStream(jar.getEntry('META-INF/MANIFEST.MF')).text.contains('Multi-Release: true') == names.any { it.startsWith('META-INF/versions/') }
assert !names.any { it.endsWith('module-info.class') }

// what a scanner of jars looks for, of those that have it
assert names.findAll { it =~ /^META-INF\/maven\/.*pom.properties$/ }.collect { it.split('/')[3] }.sort() ==
    ['commons-compress', 'commons-io', 'commons-lang3', 'debian-atomic-maven-plugin', 'gson', 'jdeb', 'jzlib']

def notice = jar.getInputStream(jar.getEntry('META-INF/NOTICE')).text
def licenses = names.findAll { it.startsWith('META-INF/licenses/') }.sort()
assert licenses == (notice =~ /META-INF\/licenses\/\S+\.txt/).collect { it }.sort()
assert licenses*.tokenize('/')*.last() == ['jzlib.txt', 'libffi.txt', 'mingw-w64.txt', 'xz.txt', 'zstd-jni.txt', 'zstd.txt']
for (name in ['Commons Compress', 'Commons IO', 'Commons Lang', 'Gson', 'jdeb', 'JNA', 'XZ for Java', 'JZlib', 'zstd-jni', 'Zstandard', 'libffi', 'MinGW-w64']) {
    assert notice.contains(name)
}
return true
