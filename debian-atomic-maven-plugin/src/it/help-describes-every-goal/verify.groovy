def log = new File(basedir, 'build.log').text
for (text in ['debian-atomic:bootc\n', 'debian-atomic:bootc-dracut', 'debian-atomic:bootc-grub', 'debian-atomic:bootc-baseimage', 'debian-atomic:apt-ostree',
              'User property: debianAtomic.compression']) {
    assert log.contains(text)
}
return true
