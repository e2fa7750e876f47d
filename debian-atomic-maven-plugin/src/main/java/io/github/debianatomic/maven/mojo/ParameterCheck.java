package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/** Finds what Maven lets pass: a misspelt parameter, which old Mavens ignore in silence. */
final class ParameterCheck {

    private final MavenProject project;
    private final MojoExecution execution;

    ParameterCheck(MavenProject project, MojoExecution execution) {
        this.project = project;
        this.execution = execution;
    }

    /**
     * @param known the packages that a block may be named after
     * @param blocks the names of the blocks
     * @throws InvalidPackageException naming the parameter or block and the nearest that there is
     */
    void check(Collection<String> known, Collection<String> blocks) {
        for (String block : blocks) {
            if (!known.contains(block)) {
                throw new InvalidPackageException("<packages>", "there is no package '" + block + "'" + nearest(block, known));
            }
        }
        Plugin plugin = project.getPlugin(execution.getPlugin().getKey());
        if (plugin == null) {
            return; // called on the command line, configured by properties alone
        }
        check(plugin.getConfiguration(), "<configuration> of the plugin");
        PluginExecution own = plugin.getExecutionsAsMap().get(execution.getExecutionId());
        if (own != null) {
            check(own.getConfiguration(), "<configuration> of execution " + own.getId());
        }
    }

    private void check(Object configuration, String where) {
        if (configuration instanceof Xpp3Dom dom) {
            Set<String> known = parameters();
            for (Xpp3Dom child : dom.getChildren()) {
                if (!known.contains(child.getName())) {
                    throw new InvalidPackageException(where, "there is no parameter '" + child.getName() + "'" + nearest(child.getName(), known));
                }
            }
        }
    }

    /** Those of all goals: an execution's configuration reaches each of its goals. */
    private Set<String> parameters() {
        Set<String> names = new TreeSet<>();
        for (MojoDescriptor mojo : execution.getMojoDescriptor().getPluginDescriptor().getMojos()) {
            for (Parameter parameter : mojo.getParameters()) {
                if (parameter.isEditable()) {
                    names.add(parameter.getName());
                    if (parameter.getAlias() != null) {
                        names.add(parameter.getAlias());
                    }
                }
            }
        }
        return names;
    }

    private static String nearest(String name, Collection<String> known) {
        String best = known.stream().min(Comparator.comparingInt(candidate -> distance(name, candidate))).orElse("");
        return "; did you mean '" + best + "'? Expected one of " + String.join(", ", new TreeSet<>(known));
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
