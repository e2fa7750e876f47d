package io.github.debianatomic.maven.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.build.InputRecord.Built;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputRecordTest {

    @TempDir
    private Path directory;

    private Path first;
    private Path second;
    private Built built;

    @BeforeEach
    void prepare() throws Exception {
        first = Files.createDirectories(directory.resolve("first"));
        second = Files.createDirectories(directory.resolve("second"));
        Files.writeString(first.resolve("a"), "a");
        Files.writeString(first.resolve("m"), "m");
        Files.writeString(second.resolve("z"), "z");
        built = new Built(Files.writeString(directory.resolve("acme_1_all.deb"), "deb"), "1", 3, "digest");
    }

    private InputRecord record(Instant now, String... parameters) throws Exception {
        return InputRecord.of(directory.resolve("inputs"), List.of(parameters), List.of(first, second), now);
    }

    private Built kept(InputRecord record) throws Exception {
        record.keep(built, built.file());
        return record(Instant.now()).built(directory);
    }

    @Test
    void holdsWhileNothingChanges() throws Exception {
        assertThat(record(Instant.now()).built(directory)).isNull();
        assertThat(kept(record(Instant.now()))).isEqualTo(built);
        assertThat(record(Instant.now(), "a parameter").built(directory)).isNull();
    }

    /** An overlay may have a target: where a file comes from decides where it goes. */
    @Test
    void tellsTheSourcesOfAFileApart() throws Exception {
        assertThat(kept(record(Instant.now()))).isEqualTo(built);
        Files.move(first.resolve("m"), second.resolve("m"));
        assertThat(record(Instant.now()).built(directory)).isNull();
    }

    @Test
    void needsTheDebAndWhatStandsBesideIt() throws Exception {
        InputRecord record = record(Instant.now());
        Path beside = Files.createFile(directory.resolve("beside"));
        record.keep(built, beside);
        assertThat(record.built(directory)).isEqualTo(built);
        Files.delete(beside);
        assertThat(record.built(directory)).isNull();
        assertThat(kept(record)).isEqualTo(built);
        Files.writeString(built.file(), "bad");
        assertThat(record.built(directory)).isNull();
    }

    /** As from a cache of the CI. */
    @Test
    void knowsADebThatWasBroughtBackByItsContent() throws Exception {
        InputRecord record = record(Instant.now());
        assertThat(kept(record)).isEqualTo(built);
        Files.setLastModifiedTime(built.file(), FileTime.from(Instant.now().minusSeconds(60)));
        assertThat(record.built(directory)).as("by its content").isEqualTo(built);
        assertThat(record.built(directory)).as("by its stamp").isEqualTo(built);
        Path elsewhere = Files.move(built.file(), directory.resolve("elsewhere"));
        Files.copy(elsewhere, built.file());
        assertThat(record.built(directory)).isEqualTo(built);
        FileTime time = Files.getLastModifiedTime(elsewhere);
        Files.writeString(built.file(), "bad");
        Files.setLastModifiedTime(built.file(), time);
        assertThat(record.built(directory)).as("another of that size and time").isNull();
    }

    /** Its content is read only where its stamp, or the record's age, does not speak for it. */
    @Test
    void readsNoDebThatIsUntouched() throws Exception {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("unix"));
        InputRecord record = record(Instant.now());
        Files.setLastModifiedTime(built.file(), FileTime.from(Instant.now().minusSeconds(60)));
        record.keep(built, built.file());
        Path inputs = directory.resolve("inputs");
        List<String> lines = new ArrayList<>(Files.readAllLines(inputs));
        lines.set(2, "the digest of another");
        Files.writeString(inputs, String.join("\n", lines) + "\n");
        assertThat(record.built(directory)).as("by its stamp").isEqualTo(built);
        Files.setLastModifiedTime(inputs, Files.getLastModifiedTime(built.file()));
        assertThat(record.built(directory)).as("by its content, as the record is no younger").isNull();
    }

    @Test
    void needsNoRoomForARecordThatIsTrue() throws Exception {
        InputRecord record = record(Instant.now());
        assertThat(kept(record)).isEqualTo(built);
        Files.setLastModifiedTime(built.file(), FileTime.from(Instant.now().minusSeconds(60)));
        Files.createDirectories(directory.resolve("inputs.part/in the way"));
        assertThat(record.built(directory)).isEqualTo(built);
    }

    @Test
    void knowsManyBytesBySizeAndTimeOnceTheyAreOldEnough() throws Exception {
        Path large = second.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(Deb.LARGE + 1);
        }
        assertThat(kept(record(Instant.now()))).as("may have changed within the grain of its time").isNull();
        Instant later = Instant.now().plusSeconds(5);
        assertThat(kept(record(later))).isEqualTo(built);
        Files.setLastModifiedTime(large, FileTime.from(later));
        assertThat(record(Instant.now()).built(directory)).isNull();
    }
}
