package io.github.debianatomic.maven.deb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.deb.DebReader.Keep;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import io.github.debianatomic.maven.tree.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has to be in a deb that was written, for the comparison with what is read back. */
final class ExpectedContents {

    private ExpectedContents() {}

    /**
     * What reading a deb would give.
     *
     * @param deb what is written
     * @param md5sums the digests of its files
     * @param members the ar members' names
     * @param keep what of the files' bytes is kept
     * @throws IOException when a file whose bytes are kept cannot be read
     */
    static DebContents of(Deb deb, Map<InstallPath, String> md5sums, List<String> members, Keep keep) throws IOException {
        long time = deb.time().instant().getEpochSecond();
        Map<String, String> control = deb.controlFiles(md5sums);
        List<Item> controlItems = new ArrayList<>();
        controlItems.add(new Item("./", Item.Kind.DIRECTORY, Mode.DIRECTORY, Owner.ROOT, time, 0, "", ""));
        control.forEach((name, text) -> controlItems.add(new Item("./" + name, Item.Kind.FILE,
                deb.scripts().containsKey(name) ? Mode.EXECUTABLE : Mode.FILE, Owner.ROOT, time, text.getBytes(UTF_8).length, "", "")));
        List<Item> items = new ArrayList<>();
        Map<String, byte[]> kept = new HashMap<>();
        for (Entry entry : deb.tree().entries()) {
            Item item = item(entry, md5sums.get(entry.path()), time);
            items.add(item);
            int wanted = entry instanceof Entry.File ? keep.bytes(item.name()) : 0;
            if (wanted > 0) {
                kept.put(item.name(), ((Entry.File) entry).content().start(wanted));
            }
        }
        return new DebContents(members, "2.0\n", control, controlItems, items, kept);
    }

    /**
     * @param expected what was to be written
     * @param found what was read
     * @param file its name in the message
     * @throws IOException naming the first difference
     */
    static void requireSame(DebContents expected, DebContents found, String file) throws IOException {
        requireSame(file, "member names", expected.members(), found.members());
        requireSame(file, "member debian-binary", expected.format(), found.format());
        requireSame(file, "control member", expected.control(), found.control());
        requireSame(file, "entry of the control member", expected.controlItems(), found.controlItems());
        requireSame(file, "entry", expected.items(), found.items());
    }

    private static void requireSame(String file, String what, List<?> expected, List<?> found) throws IOException {
        for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
            requireSame(file, what + " " + i, i < expected.size() ? expected.get(i) : "none", i < found.size() ? found.get(i) : "none");
        }
    }

    private static void requireSame(String file, String what, Object expected, Object found) throws IOException {
        if (!expected.equals(found)) {
            throw new IOException("read back, " + file + " differs from what was to be written; " + what
                    + ": expected " + expected + ", found " + found
                    + ". Check the disk, then report it as a bug of the plugin");
        }
    }

    private static Item item(Entry entry, String md5, long time) {
        boolean file = entry instanceof Entry.File;
        boolean link = entry instanceof Entry.Link;
        String name = entry.path().tarName();
        return new Item(
                !file && !link && !name.endsWith("/") ? name + "/" : name,
                file ? Item.Kind.FILE : link ? Item.Kind.LINK : Item.Kind.DIRECTORY,
                entry.mode(),
                Owner.ROOT,
                time,
                entry instanceof Entry.File f ? f.content().size() : 0,
                entry instanceof Entry.Link l ? l.target() : "",
                file ? md5 : "");
    }
}
