package io.github.debianatomic.maven.tree;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.ArrayDeque;
import java.util.Deque;

/** One line of a package's listing. Everything belongs to root:root; an owner is never taken from the build machine. */
public sealed interface Entry {

    /** Where it is installed. */
    InstallPath path();

    /** Its permission bits. */
    Mode mode();

    /** The same at another path. */
    default Entry at(InstallPath path) {
        return this instanceof File file
                ? new File(path, file.mode(), file.content())
                : this instanceof Link link ? new Link(path, link.target()) : new Directory(path, mode());
    }

    /** What it is, for messages. */
    static String kind(Entry entry) {
        return entry instanceof File ? "a file" : entry instanceof Link ? "a link" : "a directory";
    }

    /** A regular file. */
    record File(InstallPath path, Mode mode, Content content) implements Entry {}

    /** A directory that the package owns. */
    record Directory(InstallPath path, Mode mode) implements Entry {}

    /**
     * A symbolic link.
     *
     * @param path where the link stands
     * @param target what it holds, relative to the link's directory or absolute; it need not exist
     */
    record Link(InstallPath path, String target) implements Entry {

        /** @throws InvalidPackageException when the target is empty, not printable, or climbs above the root */
        public Link {
            if (target.isEmpty() || target.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw new InvalidPackageException(
                        "link " + path + " has the target '" + target.replaceAll("\\p{Cntrl}", "?")
                                + "'; expected a path, such as ../lib/x");
            }
            int depth = target.startsWith("/") ? 0 : (int) path.value().chars().filter(c -> c == '/').count() - 1;
            for (String part : target.split("/")) {
                depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
                if (depth < 0) {
                    throw new InvalidPackageException("link " + path + " escapes the root by its target '" + target
                            + "'; write a target with fewer '..'");
                }
            }
        }

        /** The path that the target means. */
        public InstallPath destination() {
            Deque<String> parts = new ArrayDeque<>();
            for (String part : (target.startsWith("/") ? target : path.parent() + "/" + target).split("/")) {
                if (part.equals("..")) {
                    parts.pollLast();
                } else if (!part.isEmpty() && !part.equals(".")) {
                    parts.add(part);
                }
            }
            return new InstallPath("/" + String.join("/", parts));
        }

        @Override
        public Mode mode() {
            return Mode.LINK;
        }
    }
}
