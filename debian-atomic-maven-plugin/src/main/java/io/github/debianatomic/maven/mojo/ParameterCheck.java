package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.NearestName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.configuration.xml.XmlPlexusConfiguration;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/** Finds what Maven lets pass: a misspelt parameter, which old Mavens ignore in silence, a flag that is none, an expression without a value. */
final class ParameterCheck {

    private static final String PREFIX = "debianAtomic.";

    private final MavenProject project;
    private final MojoExecution execution;
    private final MavenSession session;

    ParameterCheck(MavenProject project, MojoExecution execution, MavenSession session) {
        this.project = project;
        this.execution = execution;
        this.session = session;
    }

    /** @throws InvalidPackageException naming the parameter and the nearest that there is, or a flag and its two values */
    void check() {
        checkProperties();
        configurations().forEach(this::check);
    }

    /**
     * Maven takes the default where an expression has no value. Not to be asked of a goal that is skipped: what sets the
     * property may be skipped as well.
     *
     * @throws InvalidPackageException naming the expression
     */
    void checkExpressions() {
        configurations().forEach((where, configuration) -> {
            for (Xpp3Dom child : configuration.getChildren()) {
                if (!child.getName().equals("packages")) { // its expressions are evaluated block by block
                    Expressions.evaluate(new XmlPlexusConfiguration(child), where + ": <" + child.getName() + ">",
                            new PluginParameterExpressionEvaluator(session, execution));
                }
            }
        });
    }

    /** Of the plugin and of this execution, by what they are called in messages. */
    private Map<String, Xpp3Dom> configurations() {
        Map<String, Xpp3Dom> configurations = new LinkedHashMap<>();
        Plugin plugin = project.getPlugin(execution.getPlugin().getKey());
        if (plugin == null && project.getPluginManagement() != null) {
            plugin = project.getPluginManagement().getPluginsAsMap().get(execution.getPlugin().getKey());
        }
        if (plugin == null) {
            return configurations; // called on the command line, in a project that does not name the plugin
        }
        if (plugin.getConfiguration() instanceof Xpp3Dom dom) {
            configurations.put("<configuration> of the plugin", dom);
        }
        PluginExecution own = plugin.getExecutionsAsMap().get(execution.getExecutionId());
        if (own != null && own.getConfiguration() instanceof Xpp3Dom dom) {
            configurations.put("<configuration> of execution " + own.getId(), dom);
        }
        return configurations;
    }

    /** On the command line a misspelt property is as silent. */
    private void checkProperties() {
        Map<String, Parameter> known = new TreeMap<>();
        for (MojoDescriptor mojo : execution.getMojoDescriptor().getPluginDescriptor().getMojos()) {
            for (Parameter parameter : mojo.getParameters()) {
                var expression = mojo.getMojoConfiguration().getChild(parameter.getName()).getValue(null);
                if (expression != null && expression.startsWith("${" + PREFIX)) {
                    known.put(expression.substring(2, expression.length() - 1), parameter);
                }
            }
        }
        Properties userProperties = session.getUserProperties();
        for (String property : userProperties.stringPropertyNames()) {
            if (property.startsWith(PREFIX)) {
                if (!known.containsKey(property)) {
                    throw new InvalidPackageException("-D" + property, "there is no such property" + NearestName.of(property, known.keySet()));
                }
                requireFlag(known.get(property), userProperties.getProperty(property), "-D" + property);
            }
        }
    }

    private void check(String where, Xpp3Dom configuration) {
        Map<String, Parameter> known = parameters();
        for (Xpp3Dom child : configuration.getChildren()) {
            if (!known.containsKey(child.getName())) {
                throw new InvalidPackageException(where, "there is no parameter '" + child.getName() + "'" + NearestName.of(child.getName(), known.keySet()));
            }
            if (child.getValue() != null && !child.getValue().contains("${")) {
                requireFlag(known.get(child.getName()), child.getValue().strip(), where + ": <" + child.getName() + ">");
            }
        }
    }

    private static void requireFlag(Parameter parameter, String value, String where) {
        if (parameter.getType().equals("boolean")) {
            requireFlag(value, where);
        }
    }

    /** Maven takes whatever is not true for false. */
    static void requireFlag(String value, String where) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new InvalidPackageException(where, "'" + value + "' is neither true nor false; write one of them");
        }
    }

    /** Those of all goals: an execution's configuration reaches each of its goals. */
    private Map<String, Parameter> parameters() {
        Map<String, Parameter> names = new TreeMap<>();
        for (MojoDescriptor mojo : execution.getMojoDescriptor().getPluginDescriptor().getMojos()) {
            if (mojo.getGoal().equals("help")) {
                continue; // its parameters are for the command line
            }
            for (Parameter parameter : mojo.getParameters()) {
                if (parameter.isEditable()) {
                    names.put(parameter.getName(), parameter);
                    if (parameter.getAlias() != null) {
                        names.put(parameter.getAlias(), parameter);
                    }
                }
            }
        }
        return names;
    }
}
