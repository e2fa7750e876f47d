package io.github.debianatomic.maven.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.deb.DebContents;
import io.github.debianatomic.maven.deb.DebReader;
import io.github.debianatomic.maven.deb.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** A good deb with one thing broken, which the plugin's own writer would refuse. */
final class BrokenDeb {

    private static final long TIME = 1795400100;

    private record Node(char type, int mode, int uid, long time, byte[] content, String target) {}

    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, String> control = new LinkedHashMap<>();
    private final Map<String, Integer> controlModes = new HashMap<>();
    private final SortedMap<String, Node> nodes = new TreeMap<>();
    private final List<TarArchiveEntry> more = new ArrayList<>();
    private final List<String> moreMembers = new ArrayList<>();
    private String md5sums;
    private int controlUid;
    private String name;

    /** The deb as it is. */
    static BrokenDeb of(Path deb) throws IOException {
        BrokenDeb broken = new BrokenDeb();
        DebContents contents = DebReader.read(deb, file -> 1 << 20);
        broken.control.putAll(contents.control());
        broken.control.remove("md5sums");
        ReadDeb.read(deb).fields().forEach(broken.fields::put);
        broken.name = broken.fields.get("Package");
        for (Item item : contents.items()) {
            String path = ReadDeb.path(item.name());
            if (!path.isEmpty()) {
                broken.nodes.put(path, new Node(item.isFile() ? '-' : item.isDirectory() ? 'd' : 'l', item.mode().bits(), 0, item.time(),
                        contents.kept().getOrDefault(item.name(), new byte[0]), item.target()));
            }
        }
        return broken;
    }

    /** Sets a field; null deletes it. */
    BrokenDeb field(String field, String value) {
        fields.compute(field, (key, old) -> value);
        return this;
    }

    /** Sets a control file; null deletes it. */
    BrokenDeb control(String file, String text) {
        if (file.equals("md5sums")) {
            md5sums = text == null ? "" : text;
        } else {
            control.compute(file, (key, old) -> text);
        }
        return this;
    }

    BrokenDeb editControl(String file, UnaryOperator<String> edit) {
        return control(file, changed(edit, control.get(file)));
    }

    BrokenDeb controlMode(String file, int mode) {
        controlModes.put(file, mode);
        return this;
    }

    BrokenDeb controlOwner(int uid) {
        controlUid = uid;
        return this;
    }

    BrokenDeb file(String path, String text) {
        return file(path, 0644, text.getBytes(UTF_8));
    }

    BrokenDeb file(String path, int mode, byte[] content) {
        nodes.put(path, new Node('-', mode, 0, TIME, content, ""));
        return this;
    }

    BrokenDeb directory(String path, int mode) {
        nodes.put(path, new Node('d', mode, 0, TIME, new byte[0], ""));
        return this;
    }

    BrokenDeb link(String path, String target) {
        nodes.put(path, new Node('l', 0777, 0, TIME, new byte[0], target));
        return this;
    }

    BrokenDeb edit(String path, UnaryOperator<String> edit) {
        return with(path, node -> new Node(node.type, node.mode, node.uid, node.time,
                changed(edit, new String(node.content, UTF_8)).getBytes(UTF_8), node.target));
    }

    /** A fixture that changes nothing tests nothing. */
    private static String changed(UnaryOperator<String> edit, String text) {
        String result = edit.apply(text);
        if (result.equals(text)) {
            throw new IllegalArgumentException("nothing to break in:\n" + text);
        }
        return result;
    }

    BrokenDeb mode(String path, int mode) {
        return with(path, node -> new Node(node.type, mode, node.uid, node.time, node.content, node.target));
    }

    BrokenDeb owner(String path, int uid) {
        return with(path, node -> new Node(node.type, node.mode, uid, node.time, node.content, node.target));
    }

    BrokenDeb time(String path, long time) {
        return with(path, node -> new Node(node.type, node.mode, node.uid, time, node.content, node.target));
    }

    private BrokenDeb with(String path, UnaryOperator<Node> change) {
        nodes.computeIfPresent(path, (key, node) -> change.apply(node));
        if (!nodes.containsKey(path)) {
            throw new IllegalArgumentException("no " + path + " in " + nodes.keySet());
        }
        return this;
    }

    BrokenDeb remove(String path) {
        nodes.remove(path);
        return this;
    }

    BrokenDeb move(String from, String to) {
        nodes.put(to, nodes.remove(from));
        return this;
    }

    byte[] content(String path) {
        return nodes.get(path).content;
    }

    /** An entry after the others, as it is. */
    BrokenDeb raw(String tarName, byte type, String target) {
        TarArchiveEntry entry = new TarArchiveEntry(tarName, type, true);
        entry.setLinkName(target);
        entry.setMode(0644);
        entry.setModTime(TIME * 1000);
        more.add(entry);
        return this;
    }

    BrokenDeb member(String member) {
        moreMembers.add(member);
        return this;
    }

    /** Gives the package another name, so that lintian takes many of them at once. */
    BrokenDeb rename(String to) {
        String old = "/usr/share/doc/" + name;
        for (String path : List.copyOf(nodes.keySet())) {
            if (path.equals(old) || path.startsWith(old + "/")) {
                move(path, "/usr/share/doc/" + to + path.substring(old.length()));
            } else if (path.equals("/usr/share/lintian/overrides/" + name)) {
                edit(path, text -> text.replace(name + ":", to + ":"));
                move(path, "/usr/share/lintian/overrides/" + to);
            }
        }
        fields.computeIfPresent("Package", (key, value) -> value.equals(name) ? to : value);
        name = to;
        return this;
    }

    Path write(Path directory) throws IOException {
        ByteArrayOutputStream deb = new ByteArrayOutputStream();
        deb.write("!<arch>\n".getBytes(US_ASCII));
        member(deb, "debian-binary", "2.0\n".getBytes(US_ASCII));
        member(deb, "control.tar.xz", controlTar());
        member(deb, "data.tar.xz", dataTar());
        for (String member : moreMembers) {
            member(deb, member, "x\n".getBytes(US_ASCII));
        }
        return Files.write(directory.resolve(name + "_1.0.0_all.deb"), deb.toByteArray());
    }

    private byte[] controlTar() throws IOException {
        StringBuilder text = new StringBuilder();
        fields.forEach((field, value) -> text.append(field).append(": ").append(value).append('\n'));
        Map<String, String> files = new TreeMap<>(control);
        files.put("control", text.toString());
        String sums = md5sums == null ? sums() : md5sums;
        if (!sums.isEmpty()) {
            files.put("md5sums", sums);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(xz(bytes), UTF_8.name())) {
            put(tar, "./", new Node('d', 0755, 0, TIME, new byte[0], ""));
            for (Map.Entry<String, String> file : files.entrySet()) {
                int mode = controlModes.getOrDefault(file.getKey(), file.getKey().matches("(pre|post)(inst|rm)") ? 0755 : 0644);
                put(tar, "./" + file.getKey(), new Node('-', mode, controlUid, TIME, file.getValue().getBytes(UTF_8), ""));
            }
        }
        return bytes.toByteArray();
    }

    /** Of all files that are no conffiles. */
    String sums() {
        List<String> conffiles = control.getOrDefault("conffiles", "").lines().toList();
        StringBuilder sums = new StringBuilder();
        nodes.forEach((path, node) -> {
            if (node.type == '-' && !conffiles.contains(path)) {
                try {
                    byte[] digest = MessageDigest.getInstance("MD5").digest(node.content);
                    sums.append(HexFormat.of().formatHex(digest)).append("  ").append(path.substring(1)).append('\n');
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        return sums.toString();
    }

    private byte[] dataTar() throws IOException {
        SortedMap<String, Node> all = new TreeMap<>(nodes);
        nodes.keySet().forEach(path -> {
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                all.putIfAbsent(path.substring(0, slash), new Node('d', 0755, 0, TIME, new byte[0], ""));
            }
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(xz(bytes), UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            put(tar, "./", new Node('d', 0755, 0, TIME, new byte[0], ""));
            for (Map.Entry<String, Node> node : all.entrySet()) {
                put(tar, "." + node.getKey() + (node.getValue().type == 'd' ? "/" : ""), node.getValue());
            }
            for (TarArchiveEntry entry : more) {
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String tarName, Node node) throws IOException {
        byte type = node.type == 'd' ? TarConstants.LF_DIR : node.type == 'l' ? TarConstants.LF_SYMLINK : TarConstants.LF_NORMAL;
        TarArchiveEntry entry = new TarArchiveEntry(tarName, type, true);
        entry.setMode(node.mode);
        entry.setIds(node.uid, node.uid);
        entry.setNames(node.uid == 0 ? "root" : "", node.uid == 0 ? "root" : "");
        entry.setModTime(node.time * 1000);
        entry.setLinkName(node.target);
        entry.setSize(node.type == '-' ? node.content.length : 0);
        tar.putArchiveEntry(entry);
        tar.write(node.type == '-' ? node.content : new byte[0]);
        tar.closeArchiveEntry();
    }

    private static XZOutputStream xz(ByteArrayOutputStream out) throws IOException {
        return new XZOutputStream(out, new LZMA2Options(0));
    }

    static void member(ByteArrayOutputStream ar, String member, byte[] content) throws IOException {
        ar.write("%-16s%-12d%-6d%-6d%-8s%-10d`\n".formatted(member, TIME, 0, 0, "100644", content.length).getBytes(US_ASCII));
        ar.write(content);
        if (content.length % 2 == 1) {
            ar.write('\n');
        }
    }
}
