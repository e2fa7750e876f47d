package io.github.debianatomic.maven;

/**
 * A package description, a parameter or a payload that cannot be built as it was given: the user's fault, never the
 * machine's. The message says where, what was found, what was expected and what to do; a goal shows it as it is.
 */
public final class InvalidPackageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String where;
    private final String finding;

    /** @param message where, what was found, what was expected, what to do */
    public InvalidPackageException(String message) {
        super(message);
        this.where = "";
        this.finding = message;
    }

    /**
     * @param where the place the message speaks of, such as {@code packages/bootc/control:14}
     * @param finding what was found, what was expected, what to do
     */
    public InvalidPackageException(String where, String finding) {
        super(where + ": " + finding);
        this.where = where;
        this.finding = finding;
    }

    /**
     * The same finding with the place put before it, for values that are parsed without knowing where they stood.
     *
     * @param where the place, such as {@code packages/bootc/control:14}
     * @return a new exception; this one becomes its cause
     */
    public InvalidPackageException at(String where) {
        InvalidPackageException placed = new InvalidPackageException(where, getMessage());
        placed.initCause(this);
        return placed;
    }

    /** The place; empty when it is not known. */
    public String where() {
        return where;
    }

    /** The message without the place. */
    public String finding() {
        return finding;
    }
}
