package io.github.debianatomic.maven.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileTreeTest {

    private static Entry.File file(String path, String text) {
        return new Entry.File(new InstallPath(path), Mode.FILE, Content.of(text));
    }

    private static Entry.Link link(String path, String target) {
        return new Entry.Link(new InstallPath(path), target);
    }

    @Test
    void isSortedAndHasEveryParent() {
        FileTree tree = FileTree.of(List.of(
                file("/usr/lib/b/x", "x"),
                link("/usr/lib/a", "b"),
                new Entry.Directory(new InstallPath("/usr/lib/c"), Mode.parse("0700")),
                file("/etc/acme.conf", "")));
        assertThat(tree.entries().stream().map(entry -> entry.mode() + " " + entry.path().tarName()).collect(Collectors.joining("\n")))
                .isEqualTo(
                        """
                        0755 ./
                        0755 ./etc
                        0644 ./etc/acme.conf
                        0755 ./usr
                        0755 ./usr/lib
                        0777 ./usr/lib/a
                        0755 ./usr/lib/b
                        0644 ./usr/lib/b/x
                        0700 ./usr/lib/c""");
    }

    @Test
    void countsInstalledSizeAsDpkgGencontrolDoes() {
        FileTree tree = FileTree.of(List.of(file("/a", ""), file("/b", "x"), file("/c", "x".repeat(1025)), link("/d", "a")));
        assertThat(tree.installedSize()).isEqualTo(0 + 1 + 2 + 1 + /* ./ */ 1);
    }

    @Test
    void refusesAPathThatComesTwice() {
        assertThatThrownBy(() -> FileTree.of(List.of(file("/usr/x", "1"), link("/usr/x", "y"))))
                .isInstanceOf(InvalidPackageException.class)
                .hasMessage("path /usr/x comes twice, as a file and as a link; keep one of them");
    }

    @Test
    void refusesAPathBelowALink() {
        assertThatThrownBy(() -> FileTree.of(List.of(link("/usr/x", "y"), file("/usr/x/z", ""))))
                .hasMessage("path /usr/x/z stands below /usr/x, which is a link; dpkg would follow or replace it, so move one of them");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "usr/lib | path 'usr/lib' is not absolute; begin it with /",
        "/usr/../etc | path '/usr/../etc' has '..' and could leave the package's root; write the path it means",
        "/usr//lib | path '/usr//lib' is not in normal form; write it without //, /./ and a / at the end",
        "/usr/./lib | path '/usr/./lib' is not in normal form; write it without //, /./ and a / at the end",
        "/usr/lib/ | path '/usr/lib/' is not in normal form; write it without //, /./ and a / at the end",
    })
    void refusesAPathThatIsNotAbsoluteAndNormal(String path, String message) {
        assertThatThrownBy(() -> new InstallPath(path)).hasMessage(message);
    }

    @Test
    void refusesANameThatDpkgCannotRecord() {
        assertThatThrownBy(() -> new InstallPath("/usr/a\nb")).hasMessage("path '/usr/a?b' holds a control character, which dpkg cannot record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"755x", "rwx", "0800", "75", "07555", ""})
    void refusesAModeThatIsNotOctal(String mode) {
        assertThatThrownBy(() -> Mode.parse(mode))
                .hasMessage("mode '" + mode + "' is not octal; write three or four digits from 0 to 7, such as 0644 or 0755");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/usr/lib/bootc/storage | ../../../sysroot | ../../../sysroot",
        "/usr/lib/bootc/storage | ../../../../sysroot | ../../../sysroot",
        "/usr/lib/bootc/storage | ../../.././../../sysroot/../x | ../../.././sysroot/../x",
        "/usr/x | /../y | /y",
        "/usr/x | /.. | /",
        "/x | .. | .",
        "/usr/x | ../../..//y | ..//y",
        "/x | ..//y | y", // not absolute
        "/x | ../a/../y | a/../y",
    })
    void takesTheSurplusPartsOutOfALinkThatClimbsAboveTheRoot(String path, String written, String target) {
        assertThat(link(path, written).withinTheRoot().target()).isEqualTo(target);
        assertThat(link(path, written).destination()).isEqualTo(link(path, target).destination());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/usr/x | lib/../../../y", // lib may be a link
        "/usr/x | /usr/../../y",
        "/usr/x | ../../lib/../../y",
    })
    void refusesALinkThatClimbsAboveTheRootAfterAName(String path, String target) {
        assertThatThrownBy(() -> link(path, target).withinTheRoot()).isInstanceOf(InvalidPackageException.class)
                .hasMessage("link " + path + " has the target '" + target
                        + "', which climbs above the root after a name; expected a path within the root, so write fewer '..'");
    }

    @Test
    void refusesALinkToNothing() {
        assertThatThrownBy(() -> link("/usr/x", "")).hasMessage("link /usr/x has the target ''; expected a path, such as ../lib/x");
    }
}
