package io.github.debianatomic.maven.mojo;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluationException;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluator;
import org.codehaus.plexus.configuration.PlexusConfiguration;

/**
 * The expressions in a parameter that is read as it stands: Maven replaces those of the POM when it reads that, and those
 * that a plugin sets during the build only in parameters that it converts itself.
 */
final class Expressions {

    private static final Pattern EXPRESSION = Pattern.compile("(?<!\\$)\\$\\{[^}]*}");

    private Expressions() {}

    /**
     * Replaces them by their values, all the way down.
     *
     * @param configuration the parameter
     * @param where its place in messages
     * @param evaluator Maven's own
     * @throws InvalidPackageException for one that has no value: it would end up in a package as it is
     */
    static void evaluate(PlexusConfiguration configuration, String where, ExpressionEvaluator evaluator) {
        String text = configuration.getValue(null);
        if (text != null && text.contains("${")) {
            for (Matcher expression = EXPRESSION.matcher(text); expression.find(); ) {
                if (value(expression.group(), where, evaluator) == null) {
                    throw new InvalidPackageException(where, expression.group() + " is no property known at this time; set it, correct its name, or write $" + expression.group() + " for the text itself");
                }
            }
            configuration.setValue(String.valueOf(value(text, where, evaluator)));
        }
        for (PlexusConfiguration child : configuration.getChildren()) {
            evaluate(child, where + "<" + child.getName() + ">", evaluator);
        }
    }

    private static Object value(String text, String where, ExpressionEvaluator evaluator) {
        try {
            return evaluator.evaluate(text);
        } catch (ExpressionEvaluationException e) {
            throw new InvalidPackageException(where, "'" + text + "' cannot be evaluated (" + e.getMessage() + "); correct it");
        }
    }
}
