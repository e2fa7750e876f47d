package io.github.debianatomic.maven.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.verify.Waivers;
import io.github.debianatomic.maven.verify.Waivers.Waiver;
import java.io.StringReader;
import java.util.List;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.codehaus.plexus.configuration.xml.XmlPlexusConfiguration;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.junit.jupiter.api.Test;

/** The form of {@code <waivers>}. */
class WaiverBlocksTest {

    private static List<PlexusConfiguration> blocks(String waiver) throws Exception {
        return List.of(new XmlPlexusConfiguration(Xpp3DomBuilder.build(new StringReader(
                "<packages><bootc><skip>true</skip></bootc><acme><waivers><waiver>" + waiver + "</waiver></waivers></acme></packages>"))).getChildren());
    }

    @Test
    void readsEachBlock() throws Exception {
        assertThat(WaiverBlocks.of(blocks("<check>opt</check><reason> Why. </reason>")).all())
                .containsExactly(new Waiver("acme", "opt", "", "Why."));
        assertThat(WaiverBlocks.of(blocks("<check>opt</check><where>/opt/x</where><reason>Why.</reason>")).all())
                .containsExactly(new Waiver("acme", "opt", "/opt/x", "Why."));
        assertThat(WaiverBlocks.of(List.of())).isEqualTo(Waivers.NONE);
    }

    /** What is recorded of a block is its text. */
    @Test
    void leavesTheBlocksAsTheyAre() throws Exception {
        List<PlexusConfiguration> blocks = blocks("<check>opt</check><reason>Why.</reason>");
        String before = blocks.toString();
        WaiverBlocks.of(blocks);
        assertThat(blocks.toString()).isEqualTo(before);
    }

    @Test
    void namesTheNearestOfWhatItDoesNotKnow() {
        assertThatThrownBy(() -> WaiverBlocks.of(blocks("<check>unit-wantedby</check><reason>x</reason>")))
                .isInstanceOf(InvalidPackageException.class)
                .hasMessageStartingWith("<packages><acme><waivers>: there is no check 'unit-wantedby'; did you mean 'unit-wanted-by'? Expected one of ");
        assertThatThrownBy(() -> WaiverBlocks.of(blocks("<check>opt</check><why>x</why>")))
                .hasMessage("<packages><acme><waivers>: there is no field 'why'; did you mean 'where'? Expected one of check, reason, where");
        assertThatThrownBy(() -> WaiverBlocks.of(blocks("<check>opt</check>")))
                .hasMessage("waiver of check 'opt' for package acme: has no reason; say why what it finds is right");
    }
}
