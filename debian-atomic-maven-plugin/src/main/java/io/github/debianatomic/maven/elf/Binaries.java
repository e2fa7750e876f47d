package io.github.debianatomic.maven.elf;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.grammar.Relation;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The ELF files of a tree: the architecture they make of the package, the shared libraries they need, and what lintian
 * would say of how they were linked.
 */
public final class Binaries {

    /** e_machine of the ELF specification to Debian's names; those of 32 bits and of other byte orders stand apart. */
    private static final Map<String, String> ARCHITECTURES = Map.of(
            "62/64/L", "amd64", "3/32/L", "i386", "183/64/L", "arm64", "40/32/L", "armhf", "21/64/L", "ppc64el", "22/64/B", "s390x",
            "243/64/L", "riscv64", "258/64/L", "loong64");

    /** Loaded into the kernel, whatever the machine: e_machine EM_BPF. */
    private static final int BPF = 247;

    private static final Set<String> LOADERS = Set.of("ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "ld-linux-armhf.so.3", "ld64.so.2",
            "ld-linux.so.2", "ld64.so.1", "ld-linux-riscv64-lp64d.so.1", "ld-linux-loongarch-lp64d.so.1");

    private final SortedMap<InstallPath, String> architectures = new TreeMap<>();
    private final Map<String, InstallPath> needed = new TreeMap<>();
    private final List<InstallPath> linked = new ArrayList<>();
    private final Set<String> provided = new TreeSet<>();
    private final List<String> remarks = new ArrayList<>();

    private Binaries() {}

    /**
     * @param entries the tree
     * @throws IOException when a file cannot be read
     * @throws InvalidPackageException when one that begins as ELF is broken, or of a machine Debian has not
     */
    public static Binaries of(Collection<? extends Entry> entries) throws IOException {
        Binaries binaries = new Binaries();
        for (Entry entry : entries) {
            if (entry instanceof Entry.File file && file.content().isElf()) {
                binaries.add(file);
            }
            if (isLibrary(entry.path())) {
                binaries.provided.add(entry.path().name());
            }
        }
        return binaries;
    }

    static boolean isLibrary(InstallPath path) {
        return path.name().matches("lib.*\\.so(\\..*)?");
    }

    private void add(Entry.File file) throws IOException {
        Elf elf;
        try {
            elf = Elf.read(file.content());
        } catch (Elf.BrokenException e) {
            throw new InvalidPackageException(file.path() + " begins as an ELF file but is broken (" + e.getMessage() + "); build it again");
        }
        if (elf.machine() == BPF) {
            return;
        }
        String key = elf.machine() + "/" + elf.bits() + "/" + (elf.order() == ByteOrder.LITTLE_ENDIAN ? "L" : "B");
        String architecture = ARCHITECTURES.get(key);
        if (architecture == null) {
            throw new InvalidPackageException(file.path() + " is an ELF file of machine " + key
                    + ", which is no architecture of Debian's that this plugin knows: " + new TreeSet<>(ARCHITECTURES.values()));
        }
        architectures.put(file.path(), architecture);
        describe(file.path(), elf);
    }

    private void describe(InstallPath path, Elf elf) {
        if (!elf.needed().isEmpty()) {
            linked.add(path);
        }
        elf.needed().stream().filter(library -> !LOADERS.contains(library)).forEach(library -> needed.putIfAbsent(library, path));
        boolean module = elf.type() == Elf.OBJECT;
        if (elf.symbols() && !module) {
            remarks.add(path + " is not stripped (lintian: unstripped-binary-or-object)");
        }
        if (elf.type() == Elf.FIXED) {
            remarks.add(path + " is not position-independent (lintian: hardening-no-pie)");
        }
        if (elf.dynamic() && !elf.bindsNow()) {
            remarks.add(path + " does not bind its symbols at start (lintian: hardening-no-bindnow)");
        }
        if (!elf.dynamic() && !module) {
            remarks.add(path + " is linked statically (lintian: statically-linked-binary)");
        }
    }

    /**
     * The architecture the package has because of them.
     *
     * @param declared what the control fields say
     * @param explicit whether a user wrote that
     * @throws InvalidPackageException when two files disagree, or a file and the user
     */
    public String architecture(String declared, boolean explicit) {
        if (architectures.isEmpty()) {
            if (declared.equals("any")) {
                throw new InvalidPackageException("Architecture 'any' needs an ELF file to be read from, and the package has none; write 'all'");
            }
            return declared;
        }
        InstallPath first = architectures.firstKey();
        String architecture = architectures.get(first);
        architectures.forEach((path, other) -> {
            if (!other.equals(architecture)) {
                throw new InvalidPackageException(first + " is of " + architecture + " and " + path + " of " + other
                        + "; a package has one architecture, so build one for each, with a <classifier> of its own");
            }
        });
        if (explicit && !declared.equals("any") && !declared.equals(architecture)) {
            throw new InvalidPackageException(first + " is of " + architecture + ", but the package's Architecture says " + declared
                    + "; delete that field" + (declared.equals("all") ? "" : ", or bring binaries of " + declared));
        }
        return architecture;
    }

    /**
     * @param depends the value of Depends and Pre-Depends
     * @throws InvalidPackageException naming the sonames that nothing answers, with the relations to write
     */
    public void requireAnswered(String depends) {
        Map<String, InstallPath> open = new TreeMap<>(needed);
        open.keySet().removeAll(provided);
        List<String> packages = Relation.names(depends);
        open.keySet().removeIf(soname -> packages.stream().anyMatch(name -> Soname.of(soname).mayBeIn(name)));
        if (!open.isEmpty()) {
            StringBuilder message = new StringBuilder("no dependency brings the shared libraries that its programs need; write");
            open.keySet().stream().map(soname -> Soname.of(soname).packageName()).distinct().forEach(name -> message.append(" <depend>").append(name).append("</depend>"));
            message.append(" into <depends> of its block (names as of trixie, or after the soname; <shlibdeps> asks Debian for them), for");
            open.forEach((soname, path) -> message.append(' ').append(soname).append(" (").append(path).append(")"));
            throw new InvalidPackageException(message.toString());
        }
    }

    /** The paths of those that need shared libraries. */
    public List<InstallPath> linked() {
        return linked;
    }

    /** What lintian would say, a sentence each. */
    public List<String> remarks() {
        return remarks;
    }
}
