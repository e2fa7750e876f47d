package io.github.debianatomic.maven.verify;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One thing that is looked at in every deb.
 *
 * @param name by which it is listed and waived
 * @param severity of what it finds
 * @param sentence what must hold
 * @param rule the one function that looks
 */
public record Check(String name, Severity severity, String sentence, Rule rule) {

    /** What a finding means for the build. */
    public enum Severity {
        /** The build fails. */
        ERROR,
        /** The build says so and goes on. */
        WARNING
    }

    /** From a deb, and the others of its build, to what is wrong with it. */
    public interface Rule {
        Stream<Flaw> find(ReadDeb deb, List<ReadDeb> others);
    }

    /**
     * What a rule found.
     *
     * @param where a path, a control file or a field of the package
     * @param message what was found, what was expected, what to do
     */
    public record Flaw(String where, String message) {}

    static Check error(String name, String sentence, Rule rule) {
        return new Check(name, Severity.ERROR, sentence, rule);
    }

    /** Of a deb alone. */
    static Check error(String name, String sentence, Function<ReadDeb, Stream<Flaw>> rule) {
        return error(name, sentence, (deb, others) -> rule.apply(deb));
    }

    static Check warning(String name, String sentence, Rule rule) {
        return new Check(name, Severity.WARNING, sentence, rule);
    }

    /** Of a deb alone. */
    static Check warning(String name, String sentence, Function<ReadDeb, Stream<Flaw>> rule) {
        return warning(name, sentence, (deb, others) -> rule.apply(deb));
    }

    Finding finding(ReadDeb deb, Flaw flaw) {
        return new Finding(name, severity, deb.name(), flaw.where(), flaw.message());
    }
}
