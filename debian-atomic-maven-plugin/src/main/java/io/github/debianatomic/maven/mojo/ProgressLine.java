package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.deb.DebWriter.Progress;
import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.apache.maven.plugin.logging.Log;

/**
 * Says how far a deb is that takes longer than two seconds: in a terminal by one line that moves, elsewhere by a line of
 * the log now and then, with {@code -q} not at all.
 */
final class ProgressLine implements Progress, AutoCloseable {

    private static final long SECOND = 1_000_000_000L;
    private static final long SILENCE = 2 * SECOND;
    private static final long MOVE = SECOND / 5;
    private static final long NOW_AND_THEN = 15 * SECOND;

    private final Log log;
    private final PrintStream terminal;
    private final LongSupplier clock;
    private final String name;
    private final int files;
    private final long bytes;
    private final long started;
    private long next;
    private int filesDone;
    private long bytesDone;
    private boolean moved;

    /**
     * @param log the goal's
     * @param terminal where a line can move, or null
     * @param clock in nanoseconds
     * @param name the package
     * @param files how many there are
     * @param bytes how many they have together
     */
    ProgressLine(Log log, PrintStream terminal, LongSupplier clock, String name, int files, long bytes) {
        this.log = log;
        this.terminal = terminal;
        this.clock = clock;
        this.name = name;
        this.files = files;
        this.bytes = bytes;
        this.started = clock.getAsLong();
        this.next = started + SILENCE;
    }

    /** Standard output where a person looks at it, else null. */
    static PrintStream terminal(boolean interactive) {
        Console console = interactive ? System.console() : null;
        if (console == null) {
            return null;
        }
        try { // since JDK 22 there is a console without a terminal, which says so
            return (boolean) Console.class.getMethod("isTerminal").invoke(console) ? System.out : null;
        } catch (ReflectiveOperationException e) {
            return System.out;
        }
    }

    @Override
    public void read(int count) {
        bytesDone += count;
        say();
    }

    @Override
    public void packed() {
        filesDone++;
        say();
    }

    private void say() {
        long now = clock.getAsLong();
        if (now < next || !log.isInfoEnabled()) {
            return;
        }
        double seconds = (now - started) / (double) SECOND;
        String line = String.format(Locale.ROOT, "%s: %d of %d files, %d of %d MB, %.1f MB/s",
                name, filesDone, files, bytesDone / 1_000_000, (bytes + 500_000) / 1_000_000, bytesDone / 1e6 / seconds);
        if (terminal == null) {
            log.info(line);
            next = now + NOW_AND_THEN;
        } else {
            terminal.print("\r" + line + "\u001b[K");
            terminal.flush();
            moved = true;
            next = now + MOVE;
        }
    }

    /** Leaves the line empty for what comes. */
    @Override
    public void close() {
        if (moved) {
            terminal.print("\r\u001b[K");
            terminal.flush();
        }
    }
}
