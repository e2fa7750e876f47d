import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
assert it.debs('target') ==
    ['apt-ostree_1.0.0_all.deb', 'bootc-baseimage_1.0.0_all.deb', 'bootc-dracut_1.0.0_all.deb', 'bootc-grub_1.0.0_all.deb', 'bootc_1.0.0_all.deb']
assert it.log('.*_1\\.0\\.0_all\\.deb, \\d+ KB, \\d+ files')*.replaceAll('\\d+ (KB|files)', 'N $1') ==
    ['bootc', 'bootc-dracut', 'bootc-grub', 'bootc-baseimage', 'apt-ostree'].collect { "$it 1.0.0: ${it}_1.0.0_all.deb, N KB, N files".toString() }
for (name in ['apt-ostree', 'bootc', 'bootc-baseimage', 'bootc-dracut', 'bootc-grub']) {
    def text = it.describe("${name}_1.0.0_all.deb")
    new File(basedir.parentFile.parentFile, "packages/${name}.txt").with { parentFile.mkdirs(); it.text = text }
    it.golden("${name}.txt", text)
}
return true
