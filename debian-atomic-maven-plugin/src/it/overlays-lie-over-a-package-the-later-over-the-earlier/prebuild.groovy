import io.github.debianatomic.maven.Archives

// as `mvn install` would have left them
def folder = new File(localRepositoryPath, 'com/example/overlay/1.0')
folder.mkdirs()
for (type in ['tar', 'tar.gz', 'tar.xz', 'tar.zst']) {
    Archives.tar(new File(folder, "overlay-1.0.$type").toPath(), { tar ->
        Archives.file(tar, "./usr/libexec/acme-$type", 0700, '#!/bin/sh\n')
        Archives.link(tar, "./usr/lib/acme/$type", '2'.bytes[0], "../../libexec/acme-$type")
        // as the Makefile of bootc writes its link: one .. too many
        Archives.link(tar, "./usr/lib/acme/storage-$type", '2'.bytes[0], '../../../../sysroot/ostree')
        Archives.link(tar, './usr/lib/acme/pipe', '6'.bytes[0], '') // excluded by the POM
    } as Archives.Body)
}
return true
