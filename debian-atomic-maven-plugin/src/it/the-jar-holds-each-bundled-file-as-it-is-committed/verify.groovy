import java.util.zip.ZipFile

// the resource step and the jar drop some names and the builder's umask leaks into others; what arrives must be what is committed
def module = new File(sources).toPath().resolve('../..').normalize()
def resources = module.resolve('src/main/resources')
def committed = [:]
resources.resolve('packages').toFile().eachFileRecurse(groovy.io.FileType.FILES) {
    committed[resources.relativize(it.toPath()).toString().replace('\\', '/')] = it.bytes.digest('SHA-256')
}
def jar = new ZipFile(new File(module.toFile(), 'target').listFiles().find { it.name ==~ /debian-atomic-maven-plugin-[^-]+(-SNAPSHOT)?\.jar/ })
def packed = jar.entries().findAll { it.name.startsWith('packages/') && !it.directory }
    .collectEntries { [(it.name): jar.getInputStream(it).bytes.digest('SHA-256')] }
assert committed.size() > 40
assert packed == committed
return true
