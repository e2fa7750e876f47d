def log = new File(basedir, 'build.log').text
assert log.contains('maintainer: the package has none: the POM lists no developer with <name> and <email>; add one, or set <maintainer>' +
    " (-DdebianAtomic.maintainer) to 'Name <mail@example.org>'")
assert !new File(basedir, 'target').exists()
return true
