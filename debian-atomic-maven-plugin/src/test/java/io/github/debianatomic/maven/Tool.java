package io.github.debianatomic.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of the machine. Where it is missing the test is skipped and says so; CI fails on skipped tests. */
public final class Tool {

    private Tool() {}

    /** Runs it and returns standard output and error, which must go with the expected exit status. */
    public static String run(int status, String... command) throws IOException, InterruptedException {
        Result result = run(command);
        assertThat(result.status()).as(String.join(" ", command) + "\n" + result.output()).isEqualTo(status);
        return result.output();
    }

    /** What a program said, and its exit status. */
    public record Result(int status, String output) {}

    /** Runs it, whatever its exit status. */
    public static Result run(String... command) throws IOException, InterruptedException {
        require(command[0]);
        List<String> words = new ArrayList<>(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("TZ", "UTC");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    /** Skips the test where the program is not installed. */
    public static void require(String program) {
        boolean there = program.startsWith("/") ? Files.isExecutable(Path.of(program)) : onPath(program);
        assumeTrue(there, () -> "skipped: this machine has no " + program);
    }

    private static boolean onPath(String program) {
        for (String directory : System.getenv("PATH").split(java.io.File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
