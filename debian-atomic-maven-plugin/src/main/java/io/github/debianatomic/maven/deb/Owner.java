package io.github.debianatomic.maven.deb;

/**
 * The owner of an entry.
 *
 * @param user its name, or empty
 * @param group its name, or empty
 * @param uid its number
 * @param gid its number
 */
public record Owner(String user, String group, long uid, long gid) {

    /** Of everything in a package. */
    public static final Owner ROOT = new Owner("root", "root", 0, 0);

    /** dpkg goes by the names where there are any. */
    public boolean isRoot() {
        return isRoot(user) && isRoot(group) && uid == 0 && gid == 0;
    }

    private static boolean isRoot(String name) {
        return name.isEmpty() || name.equals("root");
    }

    @Override
    public String toString() {
        return user + "/" + group + " " + uid + ":" + gid;
    }
}
