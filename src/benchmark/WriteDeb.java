import io.github.debianatomic.maven.compress.Compressor;
import io.github.debianatomic.maven.deb.BuildTime;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.deb.DebWriter;
import io.github.debianatomic.maven.deb.DebianVersion;
import io.github.debianatomic.maven.deb.JdebWriter;
import io.github.debianatomic.maven.tree.DiskTree;
import io.github.debianatomic.maven.tree.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One deb of a directory, by the plugin's writer or by jdeb's engine: WriteDeb (java|native|jdeb) COMPRESSION LEVEL TREE
 * OUTPUT-DIRECTORY. A process of its own, so that the JVM's start counts.
 */
final class WriteDeb {

    public static void main(String[] arguments) throws Exception {
        Path tree = Path.of(arguments[3]);
        Path output = Files.createDirectories(Path.of(arguments[4]));
        FileTree files = FileTree.of(DiskTree.read(tree, tree.toString()));
        Map<String, String> control = new LinkedHashMap<>();
        control.put("Package", "benchmark");
        control.put("Version", "1");
        control.put("Architecture", "all");
        control.put("Maintainer", "Nobody <nobody@localhost.invalid>");
        control.put("Installed-Size", Long.toString(files.installedSize()));
        control.put("Section", "admin");
        control.put("Priority", "optional");
        control.put("Description", "payload\n Made by a generator.");
        Deb deb = new Deb(control, new DebianVersion("1", ""), files, Map.of(), List.of(), BuildTime.parse("2026-11-23T00:00:00Z", "benchmark"));
        if (arguments[0].equals("jdeb")) {
            JdebWriter.write(deb, output.resolve("jdeb.deb"), output, arguments[1]);
        } else {
            Compressor compressor = Compressor.of(arguments[1], arguments[2].equals("-") ? null : Integer.valueOf(arguments[2]), arguments[0]);
            DebWriter.write(deb, compressor, output, name -> 0, DebWriter.Progress.NONE);
        }
    }
}
