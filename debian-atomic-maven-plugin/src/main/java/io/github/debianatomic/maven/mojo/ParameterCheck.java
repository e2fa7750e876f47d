package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.Properties;
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

    private static final String PREFIX = "debianAtomic.";

    private final MavenProject project;
    private final MojoExecution execution;
    private final Properties userProperties;

    ParameterCheck(MavenProject project, MojoExecution execution, Properties userProperties) {
        this.project = project;
        this.execution = execution;
        this.userProperties = userProperties;
    }

    /** @throws InvalidPackageException naming the parameter and the nearest that there is */
    void check() {
        checkProperties();
        Plugin plugin = project.getPlugin(execution.getPlugin().getKey());
        if (plugin == null && project.getPluginManagement() != null) {
            plugin = project.getPluginManagement().getPluginsAsMap().get(execution.getPlugin().getKey());
        }
        if (plugin == null) {
            return; // called on the command line, in a project that does not name the plugin
        }
        check(plugin.getConfiguration(), "<configuration> of the plugin");
        PluginExecution own = plugin.getExecutionsAsMap().get(execution.getExecutionId());
        if (own != null) {
            check(own.getConfiguration(), "<configuration> of execution " + own.getId());
        }
    }

    /** On the command line a misspelt property is as silent. */
    private void checkProperties() {
        Set<String> known = new TreeSet<>();
        for (MojoDescriptor mojo : execution.getMojoDescriptor().getPluginDescriptor().getMojos()) {
            for (Parameter parameter : mojo.getParameters()) {
                var expression = mojo.getMojoConfiguration().getChild(parameter.getName()).getValue(null);
                if (expression != null && expression.startsWith("${" + PREFIX)) {
                    known.add(expression.substring(2, expression.length() - 1));
                }
            }
        }
        for (String property : userProperties.stringPropertyNames()) {
            if (property.startsWith(PREFIX) && !known.contains(property)) {
                throw new InvalidPackageException("-D" + property, "there is no such property" + NearestName.of(property, known));
            }
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
