package io.github.debianatomic.maven.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelationTest {

    @ParameterizedTest
    @CsvSource({
        "podman, podman, ''",
        "python3:any, python3, ''",
        "dracut (>= 106), dracut, >= 106",
        "dracut(>=106), dracut, >=106",
        "dracut ( >= 106 ), dracut, >= 106",
        "libc6:amd64 (= 1:2.41-12~rc1+b2), libc6, = 1:2.41-12~rc1+b2",
    })
    void hasANameAndPerhapsAVersion(String text, String name, String version) {
        assertThat(Relation.parse(text)).isEqualTo(new Relation(text, name, version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "Podman", "podman (5)", "podman (> 5)", "podman (>= x)", "podman [amd64]", "podman <!nocheck>", "podman >= 5"})
    void isNothingElse(String text) {
        assertThat(Relation.parse(text)).isNull();
    }

    @Test
    void aFieldHasRelationsOfAlternatives() {
        assertThat(Relation.split("a1 | b1 (>= 2),c1, ")).containsExactly("a1", "b1 (>= 2)", "c1", "");
        assertThat(Relation.names("a1 | b1 (>= 2),c1:any, (odd)")).containsExactly("a1", "b1", "c1");
    }
}
