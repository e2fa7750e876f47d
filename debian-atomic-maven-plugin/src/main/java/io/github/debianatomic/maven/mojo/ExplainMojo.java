package io.github.debianatomic.maven.mojo;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.build.BuildRequest;
import io.github.debianatomic.maven.build.PackageBuild;
import io.github.debianatomic.maven.deb.Deb;
import io.github.debianatomic.maven.definition.Assembly;
import io.github.debianatomic.maven.tree.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Says what each package would be, and builds nothing: its control fields, its tree with modes and where each file comes
 * from, what its maintainer scripts do and why, and what an overlay replaced.
 *
 * @since 1.0.0
 */
@Mojo(name = "explain", threadSafe = true)
public final class ExplainMojo extends AssemblyMojo {

    /**
     * {@code text} for people, the default, or {@code json} for programs: an array with an object for each package.
     *
     * @since 1.0.0
     */
    @Parameter(property = "debianAtomic.format", defaultValue = "text")
    private String format;

    private final List<Assembly> assemblies = new ArrayList<>();

    @Override
    protected List<String> packageNames() throws IOException {
        return allPackages();
    }

    @Override
    protected void process(BuildRequest request) throws IOException {
        assemblies.add(PackageBuild.describe(request));
    }

    @Override
    protected void end() {
        switch (format) {
            case "text" -> assemblies.forEach(assembly -> getLog().info(text(assembly)));
            case "json" -> {
                Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
                System.out.println(gson.toJson(assemblies.stream().map(ExplainMojo::json).toList()));
            }
            default -> throw new InvalidPackageException("format", "'" + format + "' is unknown; expected one of text, json");
        }
    }

    private static String text(Assembly assembly) {
        Deb deb = assembly.deb();
        StringBuilder text = new StringBuilder(deb.fileName()).append("\n\n");
        deb.control().forEach((field, value) -> text.append("  ").append(field).append(": ").append(value.replace("\n", "\n  ")).append('\n'));
        text.append('\n');
        for (Entry entry : deb.tree().entries()) {
            String origin = assembly.origins().get(entry.path());
            text.append("  ").append(entry.mode()).append(' ').append(entry.path());
            text.append(entry instanceof Entry.Link link ? " -> " + link.target() : "").append(origin == null ? "" : "  (" + origin + ")").append('\n');
        }
        assembly.scripts().forEach((script, sentences) -> {
            text.append("\n  ").append(script).append('\n');
            sentences.forEach(sentence -> text.append("    ").append(sentence).append('\n'));
        });
        if (!assembly.decisions().isEmpty()) {
            text.append('\n');
            assembly.decisions().forEach(decision -> text.append("  ").append(decision).append('\n'));
        }
        return text.toString();
    }

    private static Map<String, Object> json(Assembly assembly) {
        Deb deb = assembly.deb();
        List<Map<String, String>> tree = new ArrayList<>();
        for (Entry entry : deb.tree().entries()) {
            Map<String, String> item = new LinkedHashMap<>();
            item.put("path", entry.path().value());
            item.put("type", Entry.kind(entry).replaceFirst("^an? ", ""));
            item.put("mode", entry.mode().toString());
            if (entry instanceof Entry.Link link) {
                item.put("target", link.target());
            }
            if (assembly.origins().containsKey(entry.path())) {
                item.put("origin", assembly.origins().get(entry.path()));
            }
            tree.add(item);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", deb.fileName());
        json.put("control", deb.control());
        json.put("conffiles", deb.conffiles().stream().map(Object::toString).toList());
        json.put("tree", tree);
        json.put("scripts", assembly.scripts());
        json.put("triggers", deb.triggers());
        json.put("decisions", assembly.decisions());
        return json;
    }
}
