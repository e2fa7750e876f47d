import io.github.debianatomic.maven.It

def it = new It(basedir, sources, renew)
assert it.debs('target') ==
    ['apt-ostree_1.0.0-1~deb13u1_all.deb', 'bootc-baseimage_1.0.0-1~deb13u1_all.deb', 'bootc_1.0.0-1~deb13u1_all.deb']
def preset = new File(basedir, 'target/debian-atomic/bootc/usr/lib/systemd/system-preset/50-bootc.preset').text
assert preset.contains('\nenable bootc-fetch-apply-updates.timer\n')
assert it.control('target/bootc_1.0.0-1~deb13u1_all.deb', 'postinst').contains('enable_unit bootc-fetch-apply-updates.timer\n')
assert it.field('target/bootc_1.0.0-1~deb13u1_all.deb', 'Depends').endsWith(', podman')
assert new File(basedir, 'target/debian-atomic/apt-ostree/usr/lib/tmpfiles.d').list().findAll { it.contains('opt-usrlocal') } ==
    ['apt-ostree-0-integration-opt-usrlocal.conf']
return true
