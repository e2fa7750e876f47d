package io.github.debianatomic.maven.elf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.tree.Directories;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.FileTree;
import io.github.debianatomic.maven.tree.InstallPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What dpkg-shlibdeps(1) finds that a package's binaries depend on. It reads the libraries and the dpkg database of the
 * machine that builds, so that the result is that machine's; only a package whose block asks for it has it.
 *
 * @param depends relations for the field Depends
 * @param remarks sentences on what was read, and what dpkg-shlibdeps had to say
 */
public record SharedLibraries(List<String> depends, List<String> remarks) {

    private static final String INSTEAD = "delete <shlibdeps> and write <depends>";

    /** os-release(5): the first that is there. */
    private static final List<Path> OS_RELEASE = List.of(Path.of("/etc/os-release"), Path.of("/usr/lib/os-release"));

    /** Copies the lists. */
    public SharedLibraries {
        depends = List.copyOf(depends);
        remarks = List.copyOf(remarks);
    }

    /**
     * @param name the package; nothing depends on itself
     * @param architecture of its binaries
     * @param tree its files
     * @param linked the binaries that need libraries
     * @param directory where to work; it is deleted afterwards
     * @throws IOException when this machine has no dpkg-shlibdeps
     * @throws InvalidPackageException when there is no answer for these binaries on this machine
     */
    public static SharedLibraries find(String name, String architecture, FileTree tree, List<InstallPath> linked, Path directory) throws IOException {
        if (linked.isEmpty()) {
            throw new InvalidPackageException("<shlibdeps> is true, and no file of the package needs a shared library; delete it");
        }
        try {
            Directories.renew(directory);
            String version = run(directory, List.of("dpkg-shlibdeps", "--version")).output().lines().findFirst().orElse("")
                    .replaceAll(".* version |\\.$", "");
            String machine = run(directory, List.of("dpkg", "--print-architecture")).output().strip();
            if (!machine.equals(architecture)) {
                throw new InvalidPackageException("its binaries are of " + architecture + ", and <shlibdeps> reads the libraries of this machine,"
                        + " which is of " + machine + "; build on " + architecture + ", or " + INSTEAD);
            }
            // as debhelper lays it out, because dpkg-shlibdeps looks for DEBIAN to tell the package's root
            Path root = directory.resolve("debian/" + name);
            Files.createDirectories(root.resolve("DEBIAN"));
            Files.writeString(directory.resolve("debian/control"), "Source: " + name + "\n\nPackage: " + name + "\nArchitecture: any\n");
            Set<String> own = layOut(tree, linked, root);
            List<String> command = new ArrayList<>(List.of("dpkg-shlibdeps", "-O", "-x" + name, "-Sdebian/" + name));
            own.forEach(place -> command.add("-l" + place));
            linked.forEach(path -> command.add("-edebian/" + name + path));
            Result result = run(directory, command);
            String said = result.errors().replace("debian/" + name + "/", "/");
            if (result.status() != 0) {
                throw new InvalidPackageException("dpkg-shlibdeps " + version + " finds no package of " + release() + " for a shared library ("
                        + said.strip().replaceAll("\\s*\\n\\s*", "; ") + "); install the package that has it, or " + INSTEAD);
            }
            List<String> depends = result.output().lines()
                    .filter(line -> line.startsWith("shlibs:Depends="))
                    .flatMap(line -> List.of(line.substring(line.indexOf('=') + 1).split(", *")).stream())
                    .filter(relation -> !relation.isBlank())
                    .toList();
            List<String> remarks = new ArrayList<>();
            remarks.add("Depends on " + (depends.isEmpty() ? "no library" : String.join(", ", depends)) + ", found by dpkg-shlibdeps " + version
                    + " in the libraries of " + release());
            said.lines().filter(line -> !line.isBlank()).forEach(remarks::add);
            return new SharedLibraries(depends, remarks);
        } finally {
            Directories.delete(directory);
        }
    }

    /**
     * Writes the binaries and every library of the package with the links to it.
     *
     * @return the directories in which the package has libraries
     */
    private static Set<String> layOut(FileTree tree, List<InstallPath> linked, Path root) throws IOException {
        Set<String> places = new TreeSet<>();
        for (Entry entry : tree.entries()) {
            boolean library = Binaries.isLibrary(entry.path());
            if (entry instanceof Entry.Directory || !library && !linked.contains(entry.path())) {
                continue;
            }
            Path place = root.resolve(entry.path().value().substring(1));
            Files.createDirectories(place.getParent());
            if (entry instanceof Entry.File file) {
                try (InputStream in = file.content().open()) {
                    Files.copy(in, place);
                }
            } else if (entry instanceof Entry.Link link) {
                Files.createSymbolicLink(place, Path.of(link.target()));
            }
            if (library) {
                places.add(entry.path().parent().value());
            }
        }
        return places;
    }

    private static String release() throws IOException {
        for (Path file : OS_RELEASE) {
            if (Files.isReadable(file)) {
                for (String line : Files.readAllLines(file)) {
                    if (line.startsWith("PRETTY_NAME=")) {
                        return line.substring("PRETTY_NAME=".length()).replace("\"", "");
                    }
                }
            }
        }
        return "a system without os-release(5)";
    }

    private record Result(int status, String output, String errors) {}

    /** With nothing of the caller's environment, in which DEB_HOST_ARCH, DPKG_ADMINDIR or LD_LIBRARY_PATH could change the answer. */
    private static Result run(Path directory, List<String> command) throws IOException {
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("this machine has no " + command.get(0) + ", which <shlibdeps> runs; install dpkg-dev on Debian, or " + INSTEAD, e);
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            return new Result(process.waitFor(), output, Files.readString(errors));
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("the build was interrupted while " + command.get(0) + " ran", e);
        }
    }
}
