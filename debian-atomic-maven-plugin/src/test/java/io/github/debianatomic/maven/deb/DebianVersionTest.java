package io.github.debianatomic.maven.deb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.Debs;
import io.github.debianatomic.maven.Tool;
import java.util.List;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DebianVersionTest {

    /** Oldest first, as Maven orders them. */
    private static final List<String> ASCENDING = List.of(
            "1.2.2", "1.2.3-alpha-1", "1.2.3-alpha-2", "1.2.3-alpha-10", "1.2.3-beta.3", "1.2.3-M1", "1.2.3-m2", "1.2.3-rc1-SNAPSHOT",
            "1.2.3-rc1", "1.2.3-RC2", "1.2.3-SNAPSHOT", "1.2.3", "1.2.4-SNAPSHOT", "1.2.4", "1.10", "2-SNAPSHOT", "2");

    @ParameterizedTest
    @CsvSource({
        "1.2.3,            1.2.3",
        "1.2.3-SNAPSHOT,   1.2.3~snapshot20261123021500",
        "1.2.3-rc1,        1.2.3~rc1",
        "1.2.3-RC1,        1.2.3~rc1",
        "1.2.3-alpha-2,    1.2.3~alpha2",
        "1.2.3-beta.3,     1.2.3~beta3",
        "1.2.3-M1,         1.2.3~m1",
        "1.2.3-rc1-SNAPSHOT, 1.2.3~rc1~snapshot20261123021500",
    })
    void translatesMavensVersions(String maven, String debian) {
        assertThat(DebianVersion.ofMaven(maven, Debs.TIME, "")).hasToString(debian);
    }

    @Test
    void leavesTheTimeOutWhenThereIsNone() {
        assertThat(DebianVersion.ofMaven("1.0-SNAPSHOT", BuildTime.UNSET, "1")).hasToString("1.0~snapshot-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0-final", "1.0.RELEASE", "v1.0", "1.0-1", "1.0-rc", "1.0_1", "1.0-jre", "1.0-20260101.120000-3"})
    void refusesWhatItCannotOrder(String maven) {
        assertThatThrownBy(() -> DebianVersion.ofMaven(maven, Debs.TIME, "")).hasMessage("version: '" + maven
                + "' of the project has no Debian form that sorts alike; expected numbers with dots, then nothing or one of -alpha-N, -beta-N,"
                + " -MN, -rcN, then nothing or -SNAPSHOT. Set <version> (-DdebianAtomic.version) to the Debian version to use");
    }

    @Test
    void refusesWhatDebianDoes() {
        assertThatThrownBy(() -> new DebianVersion("1.0-1", "")).hasMessage("version: '1.0-1' is not a Debian upstream version; expected a"
                + " digit first, then letters, digits and . + ~ only, such as 1.2.3~rc1 (a Debian revision goes in <revision>)");
        assertThatThrownBy(() -> new DebianVersion("1.0", "1-2")).hasMessage(
                "revision: '1-2' is not a Debian revision; expected letters, digits and . + ~ only, such as 1 or 1~deb13u1");
    }

    @Test
    void keepsTheEpochOutOfFileNames() {
        assertThat(new DebianVersion("2:1.0", "1~deb13u1").withoutEpoch()).isEqualTo("1.0-1~deb13u1");
    }

    @Test
    void sortsForDpkgAsForMaven() throws Exception {
        for (int i = 1; i < ASCENDING.size(); i++) {
            String older = ASCENDING.get(i - 1);
            String newer = ASCENDING.get(i);
            assertThat(new ComparableVersion(older)).isLessThan(new ComparableVersion(newer));
            Tool.run(0, "dpkg", "--compare-versions", DebianVersion.ofMaven(older, Debs.TIME, "").toString(), "lt",
                    DebianVersion.ofMaven(newer, Debs.TIME, "").toString());
        }
    }

    @Test
    void isValidForDpkg() throws Exception {
        for (String version : List.of("1.2.3~rc1~snapshot20261123021500", "2:1.0-1~deb13u1")) {
            assertThat(Tool.run(0, "dpkg", "--validate-version", version)).isEmpty();
        }
    }
}
