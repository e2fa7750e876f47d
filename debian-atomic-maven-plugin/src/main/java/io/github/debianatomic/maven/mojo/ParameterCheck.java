package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
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

    /** @throws InvalidPackageException naming the parameter and the nearest that there is */
    void check() {
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
                    throw new InvalidPackageException(where, "there is no parameter '" + child.getName() + "'" + NearestName.of(child.getName(), known));
                }
            }
        }
    }

    /** Those of all goals: an execution's configuration reaches each of its goals. */
    private Set<String> parameters() {
        Set<String> names = new TreeSet<>();
        for (MojoDescriptor mojo : execution.getMojoDescriptor().getPluginDescriptor().getMojos()) {
            if (mojo.getGoal().equals("help")) {
                continue; // its parameters are for the command line
            }
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
}
