import groovy.json.JsonSlurper

def log = new File(basedir, 'build.log').text
for (text in ['bootc_1.0.0_all.deb\n', '  Depends: ', '  0644 /usr/lib/bootc/kargs.d/20-acme.toml  (src/main/debian-atomic/bootc)\n',
              '  0777 /usr/lib/bootc/storage -> ../../../sysroot/ostree/bootc/storage  (packages/bootc/control)\n',
              '    enables bootc-generic-growpart.service on a first installation, afterwards as the administrator chose\n',
              '  Replacing /usr/libexec/bootc-generic-growpart from packages/bootc by the one from src/main/debian-atomic/bootc\n']) {
    assert log.contains(text)
}
def json = new JsonSlurper().parse(new File(basedir, 'explain.json'))
assert json*.file == ['apt-ostree_1.0.0_all.deb', 'bootc_1.0.0_all.deb', 'bootc-baseimage_1.0.0_all.deb', 'bootc-dracut_1.0.0_all.deb', 'bootc-grub_1.0.0_all.deb']
def bootc = json[1]
assert bootc.tree.find { it.path == '/usr/lib/bootc/storage' } ==
    [path: '/usr/lib/bootc/storage', type: 'link', mode: '0777', target: '../../../sysroot/ostree/bootc/storage', origin: 'packages/bootc/control']
assert bootc.scripts.postinst.size() == 3
assert !new File(basedir, 'target').list()?.any { it.endsWith('.deb') }
return true
