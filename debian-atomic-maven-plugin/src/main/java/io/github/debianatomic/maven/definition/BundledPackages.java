package io.github.debianatomic.maven.definition;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The packages this plugin brings along, as folders below {@code packages/} of its own jar or class folder. */
public final class BundledPackages {

    /** Their names. */
    public static final List<String> NAMES = List.of("apt-ostree", "bootc", "bootc-baseimage", "bootc-dracut", "bootc-grub");

    private BundledPackages() {}

    /**
     * @param name one of {@link #NAMES}
     * @throws IOException when the plugin's own jar cannot be read
     */
    public static Layer read(String name) throws IOException {
        return read(name, Replacements.NONE);
    }

    /**
     * @param name one of {@link #NAMES}
     * @param names what the package's folder calls by other names
     * @throws IOException when the plugin's own jar cannot be read
     */
    public static Layer read(String name, Replacements names) throws IOException {
        String folder = "packages/" + name;
        Path source = codeSource();
        if (Files.isDirectory(source)) { // in the plugin's own reactor
            return Layer.bundled(source.resolve(folder), folder, names);
        }
        // Private to this call: a file system shared by its URI is closed under a parallel build's feet.
        try (FileSystem jar = FileSystems.newFileSystem(source, (ClassLoader) null)) {
            return Layer.bundled(jar.getPath(folder), folder, names);
        }
    }

    /**
     * What tells this build of the plugin from another: its jar's size and time, or where it stands in its own reactor.
     *
     * @throws IOException when the plugin's own jar cannot be read
     */
    public static String fingerprint() throws IOException {
        Path source = codeSource();
        return Files.isDirectory(source)
                ? source + " " + System.nanoTime() // classes may change at any time
                : source.getFileName() + " " + Files.size(source) + " " + Files.getLastModifiedTime(source);
    }

    private static Path codeSource() {
        try {
            return Path.of(BundledPackages.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class path entry that is not a file", e);
        }
    }
}
