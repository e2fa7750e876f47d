// What a careless `make install` brings: a program with 300 MB of symbols, an installer of 100 MB that begins as a script, and data.
def random = new SplittableRandom(6)
def block = new byte[1 << 20]
def fill = { String path, byte[] start, int megabytes ->
    def file = new File(basedir, "destdir/$path")
    file.parentFile.mkdirs()
    file.withOutputStream { out ->
        out.write(start)
        megabytes.times {
            random.nextBytes(block)
            out.write(block)
        }
    }
    file.setExecutable(start.length > 0)
}
fill('usr/bin/bootc', new File(sources, '../test/resources/elf/x86_64-static').bytes, 300)
fill('usr/libexec/acme-installer', '#!/bin/sh\n'.bytes, 100)
fill('usr/lib/acme/data', new byte[0], 100)
return true
