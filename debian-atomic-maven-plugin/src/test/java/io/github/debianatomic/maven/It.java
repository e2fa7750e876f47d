package io.github.debianatomic.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.debianatomic.maven.deb.DebReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the integration projects' verify.groovy need; they stay one assertion long. */
public final class It {

    private final Path project;
    private final Path sources;
    private final boolean renew;

    /**
     * @param basedir the project as the invoker copied it
     * @param sources the folder src/it
     * @param renew whether golden texts are written instead of compared
     */
    public It(File basedir, String sources, String renew) {
        this.project = basedir.toPath();
        this.sources = Path.of(sources);
        this.renew = "true".equals(renew);
    }

    /** The text must equal {@code src/it/PROJECT/golden/NAME}. */
    public void golden(String name, String text) throws IOException {
        Path golden = sources.resolve(project.getFileName()).resolve("golden").resolve(name);
        if (renew) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, text);
        }
        assertThat(text).as(name + "; renew with the command in CONTRIBUTING.md").isEqualTo(Files.readString(golden));
    }

    /** The names of the debs below a directory of the project. */
    public List<String> debs(String directory) throws IOException {
        try (Stream<Path> walk = Files.walk(project.resolve(directory))) {
            return walk.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".deb")).sorted().toList();
        }
    }

    /** The lines of the build's log that match, without their level. */
    public List<String> log(String regex) throws IOException {
        return Files.readString(project.resolve("build.log"))
                .lines()
                .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "").replaceFirst("^\\[[A-Z]+\\] ", ""))
                .filter(line -> line.matches(regex))
                .toList();
    }

    /** What dpkg-deb says of a deb: fields, control files and the tree. */
    public String describe(String deb) throws Exception {
        Path file = project.resolve("target").resolve(deb);
        Path control = project.resolve("control-" + deb);
        Tool.run(0, "dpkg-deb", "-e", file.toString(), control.toString());
        StringBuilder text = new StringBuilder("$ dpkg-deb -I " + deb + "\n" + Tool.run(0, "dpkg-deb", "-I", file.toString()));
        text.append("\n$ dpkg-deb -c ").append(deb).append('\n').append(Tool.run(0, "dpkg-deb", "-c", file.toString()));
        try (Stream<Path> files = Files.list(control)) {
            for (Path member : files.sorted().toList()) {
                text.append("\n$ dpkg-deb -e ").append(deb).append("; ls -l ").append(member.getFileName()).append("; cat ")
                        .append(member.getFileName()).append('\n').append(Tool.run(0, "stat", "-c", "%A", member.toString()))
                        .append(Files.readString(member));
            }
        }
        return text.toString();
    }

    /** Field of a deb's control file. */
    public String field(String deb, String field) throws IOException {
        return DebReader.read(project.resolve(deb)).control().get("control").lines()
                .filter(line -> line.startsWith(field + ": "))
                .map(line -> line.substring(field.length() + 2))
                .collect(Collectors.joining());
    }

    /** The modes of a deb's entries by name. */
    public Map<String, String> tree(String deb) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        DebReader.read(project.resolve(deb)).items().forEach(item -> tree.put(item.name(), item.mode().toString()));
        return tree;
    }

    /** A control file of a deb. */
    public String control(String deb, String file) throws IOException {
        return DebReader.read(project.resolve(deb)).control().get(file);
    }

    /** The digests of the debs in a directory by name. */
    public Map<String, String> digests(Path directory) throws Exception {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".deb")).toList()) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                digests.put(file.getFileName().toString(), HexFormat.of().formatHex(digest));
            }
        }
        return digests;
    }

    /** Runs a command in a directory with more environment; its output when it ends with 0. */
    public String run(Path directory, Map<String, String> environment, List<String> command) throws Exception {
        return run(directory, environment, command, true);
    }

    /** The output of a command that must not end with 0. */
    public String fail(Path directory, List<String> command) throws Exception {
        return run(directory, Map.of(), command, false);
    }

    private static String run(Path directory, Map<String, String> environment, List<String> command, boolean succeeds) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor() == 0).as(String.join(" ", command) + "\n" + output).isEqualTo(succeeds);
        return output;
    }

    /** The JDKs of this machine: the one that runs, and those installed beside it. */
    public static List<Path> jdks() throws IOException {
        Path running = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> jdks = new ArrayList<>(List.of(running));
        try (Stream<Path> siblings = Files.list(running.getParent())) {
            siblings.filter(path -> Files.isExecutable(path.resolve("bin/javac")))
                    .map(path -> {
                        try {
                            return path.toRealPath();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .distinct()
                    .filter(path -> !path.equals(running))
                    .sorted()
                    .forEach(jdks::add);
        }
        return jdks;
    }
}
