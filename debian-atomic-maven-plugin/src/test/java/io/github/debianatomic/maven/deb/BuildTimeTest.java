package io.github.debianatomic.maven.deb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuildTimeTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T02:15:00Z,         2026-11-23T02:15:00Z",
        "2026-11-23T03:15:00+01:00,    2026-11-23T02:15:00Z",
        "2026-11-23T02:15:00.999Z,     2026-11-23T02:15:00Z",
        "1795400100,                   2026-11-23T02:15:00Z",
    })
    void readsWhatMavenArchiverReads(String text, String instant) {
        assertThat(BuildTime.parse(text, "p").instant()).hasToString(instant);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "-", "0", "1980-02-01T00:00:00Z"})
    void takesTheseForNotSet(String text) {
        assertThat(BuildTime.parse(text, "p")).isEqualTo(BuildTime.UNSET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-23", "2026-11-23T02:15:00", "1969-12-31T23:59:59Z", "99999999999", "-12"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> BuildTime.parse(text, "project.build.outputTimestamp"))
                .hasMessage("project.build.outputTimestamp: '" + text + "' is not a time a package can carry; write ISO 8601 with an offset,"
                        + " such as 2026-11-23T02:15:00Z or 2026-11-23T03:15:00+01:00, or seconds since 1970, such as 1795400100");
    }

    @Test
    void writesDatesAsChangelogsHaveThem() {
        BuildTime time = BuildTime.parse("2026-11-03T03:15:00+01:00", "p");
        assertThat(time.changelogDate()).isEqualTo("Tue, 03 Nov 2026 02:15:00 +0000");
        assertThat(time.digits()).isEqualTo("20261103021500");
    }
}
