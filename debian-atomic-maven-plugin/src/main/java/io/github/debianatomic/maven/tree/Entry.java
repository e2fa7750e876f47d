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
     * @param target what it holds as written, relative to the link's directory or absolute; it need not exist. A link may
     *     be installed at another path, so only {@link #withinTheRoot} checks whether the target climbs above the root
     */
    record Link(InstallPath path, String target) implements Entry {

        /** @throws InvalidPackageException when the target is empty or not printable */
        public Link {
            if (target.isEmpty() || target.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw new InvalidPackageException(
                        "link " + path + " has the target '" + target.replaceAll("\\p{Cntrl}", "?")
                                + "'; expected a path, such as ../lib/x");
            }
        }

        /**
         * This link with a target that stays within the root, for the path where it is installed. The kernel ignores
         * {@code ..} at the root. Where a tree is below a directory, as a deployment is, such surplus parts lead to another
         * path, so leading ones are removed.
         *
         * @throws InvalidPackageException when the target climbs above the root after a name: the name may be a link, so
         *     nobody knows which parts are surplus
         */
        public Link withinTheRoot() {
            boolean absolute = target.startsWith("/");
            List<String> kept = new ArrayList<>();
            int depth = absolute ? 0 : (int) path.value().chars().filter(c -> c == '/').count() - 1;
            boolean leading = true;
            boolean surplus = false;
            for (String part : target.split("/")) {
                boolean name = !part.matches("\\.{0,2}");
                leading &= !name;
                if (part.equals("..") && depth == 0) {
                    if (!leading) {
                        throw new InvalidPackageException("link " + path + " has the target '" + target
                                + "', which climbs above the root after a name; expected a path within the root, so write fewer '..'");
                    }
                    surplus = true;
                    continue;
                }
                depth += part.equals("..") ? -1 : name ? 1 : 0;
                kept.add(part);
            }
            if (!surplus) {
                return this;
            }
            String within = String.join("/", kept);
            within = absolute ? within : within.replaceFirst("^/+", ""); // of ..//x
            return new Link(path, within.isEmpty() ? absolute ? "/" : "." : within);
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
