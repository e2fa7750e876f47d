package io.github.debianatomic.maven.tree;

import io.github.debianatomic.maven.InvalidPackageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

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
                : this instanceof Link link
                        ? new Link(path, link.target())
                        : this instanceof Refused refused ? new Refused(path, refused.reason()) : new Directory(path, mode());
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
     * @param path where the link is
     * @param target what it holds, relative to the link's directory or absolute, without {@code ..} that would climb
     *     above the root; it need not exist
     */
    record Link(InstallPath path, String target) implements Entry {

        /** @throws InvalidPackageException when the target is empty or not printable */
        public Link {
            if (target.isEmpty() || target.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw new InvalidPackageException(
                        "link " + path + " has the target '" + target.replaceAll("\\p{Cntrl}", "?")
                                + "'; expected a path, such as ../lib/x");
            }
            target = withinTheRoot(path, target);
        }

        /**
         * The kernel ignores {@code ..} at the root. A link with such surplus parts means another path where a tree lies
         * below a directory, as a deployment does, so they are taken out.
         */
        private static String withinTheRoot(InstallPath path, String target) {
            boolean absolute = target.startsWith("/");
            List<String> parts = new ArrayList<>(List.of(target.split("/")));
            int depth = absolute ? 0 : (int) path.value().chars().filter(c -> c == '/').count() - 1;
            for (int i = 0; i < parts.size() && parts.get(i).matches("\\.{0,2}"); i++) {
                if (parts.get(i).equals("..") && --depth < 0) {
                    parts.remove(i--);
                }
            }
            return depth >= 0 ? target : parts.isEmpty() ? "." : absolute && parts.size() == 1 ? "/" : String.join("/", parts);
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

    /**
     * What no package may hold. Readers of a tree do not know what will be left out of it, so whoever has left out
     * everything asks for the reason.
     *
     * @param path where it is; characters that no path may have are {@code ?}
     * @param reason the message, with the place where it was found
     */
    record Refused(InstallPath path, InvalidPackageException reason) implements Entry {

        @Override
        public Mode mode() {
            return Mode.FILE;
        }
    }
}
