package io.github.debianatomic.maven.mojo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final StringBuilder logged = new StringBuilder();
    private boolean quiet;
    private long now;

    private final class Log extends SystemStreamLog {
        @Override
        public boolean isInfoEnabled() {
            return !quiet;
        }

        @Override
        public void info(CharSequence line) {
            logged.append(line).append('\n');
        }
    }

    /** A file of 10 MB a second. */
    private String pack(int seconds, boolean terminal) {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        try (ProgressLine line = new ProgressLine(new Log(), terminal ? new PrintStream(screen, true, UTF_8) : null, () -> now, "acme", 40, 400_000_000)) {
            for (int i = 0; i < seconds; i++) {
                now += 1_000_000_000L;
                line.read(10_000_000);
                line.packed();
            }
        }
        return screen.toString(UTF_8);
    }

    @Test
    void saysNothingOfWhatIsQuick() {
        assertThat(pack(1, true)).isEmpty();
        assertThat(pack(1, false)).isEmpty();
        assertThat(logged).isEmpty();
    }

    @Test
    void movesOneLineInATerminal() {
        assertThat(pack(3, true).replace("\r", "<CR>").replace("\u001b[K", "<EL>"))
                .isEqualTo("<CR>acme: 1 of 40 files, 20 of 400 MB, 10.0 MB/s<EL>"
                        + "<CR>acme: 2 of 40 files, 30 of 400 MB, 10.0 MB/s<EL>"
                        + "<CR><EL>");
        assertThat(logged).isEmpty();
    }

    @Test
    void logsALineNowAndThenElsewhere() {
        assertThat(pack(40, false)).isEmpty();
        assertThat(logged).hasToString("""
                acme: 1 of 40 files, 20 of 400 MB, 10.0 MB/s
                acme: 16 of 40 files, 170 of 400 MB, 10.0 MB/s
                acme: 31 of 40 files, 320 of 400 MB, 10.0 MB/s
                """);
    }

    @Test
    void isQuietWhereTheGoalIs() {
        quiet = true;
        assertThat(pack(40, true)).isEmpty();
        assertThat(pack(40, false)).isEmpty();
        assertThat(logged).isEmpty();
    }
}
