package io.github.debianatomic.maven.definition;

import io.github.debianatomic.maven.InvalidPackageException;
import io.github.debianatomic.maven.tree.Entry;
import io.github.debianatomic.maven.tree.InstallPath;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ELF files of a tree: the architecture they make of the package, the shared libraries they need, and what lintian
 * would say of how they were linked.
 */
final class Binaries {

    /** e_machine of the ELF specification to Debian's names; those of 32 bits and of other byte orders stand apart. */
    private static final Map<String, String> ARCHITECTURES = Map.of(
            "62/64/L", "amd64", "3/32/L", "i386", "183/64/L", "arm64", "40/32/L", "armhf", "21/64/L", "ppc64el", "22/64/B", "s390x",
            "243/64/L", "riscv64", "258/64/L", "loong64");

    /** Loaded into the kernel, whatever the machine: e_machine EM_BPF. */
    private static final int BPF = 247;

    /** Packages whose name does not follow from the soname, as of trixie. */
    private static final Map<String, String> PACKAGES = Map.ofEntries(
            Map.entry("libc.so.6", "libc6"),
            Map.entry("libm.so.6", "libc6"),
            Map.entry("libdl.so.2", "libc6"),
            Map.entry("libpthread.so.0", "libc6"),
            Map.entry("librt.so.1", "libc6"),
            Map.entry("libresolv.so.2", "libc6"),
            Map.entry("libutil.so.1", "libc6"),
            Map.entry("libanl.so.1", "libc6"),
            Map.entry("libmvec.so.1", "libc6"),
            Map.entry("libpam.so.0", "libpam0g"),
            Map.entry("libpam_misc.so.0", "libpam0g"),
            Map.entry("libpamc.so.0", "libpam0g"),
            Map.entry("libxml2.so.2", "libxml2"),
            Map.entry("libjpeg.so.62", "libjpeg62-turbo"),
            Map.entry("libdb-5.3.so", "libdb5.3t64"),
            Map.entry("libcrypto.so.3", "libssl3t64"),
            Map.entry("libssl.so.3", "libssl3t64"),
            Map.entry("libz.so.1", "zlib1g"),
            Map.entry("libcurl-gnutls.so.4", "libcurl3t64-gnutls"),
            Map.entry("libxslt.so.1", "libxslt1.1"),
            Map.entry("libexslt.so.0", "libxslt1.1"),
            Map.entry("libglib-2.0.so.0", "libglib2.0-0t64"),
            Map.entry("libgobject-2.0.so.0", "libglib2.0-0t64"),
            Map.entry("libgio-2.0.so.0", "libglib2.0-0t64"),
            Map.entry("libgmodule-2.0.so.0", "libglib2.0-0t64"),
            Map.entry("libgthread-2.0.so.0", "libglib2.0-0t64"),
            Map.entry("libapr-1.so.0", "libapr1t64"),
            Map.entry("libaprutil-1.so.0", "libaprutil1t64"));

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
    static Binaries of(Collection<? extends Entry> entries) throws IOException {
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
    String architecture(String declared, boolean explicit) {
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
    void requireAnswered(String depends) {
        Map<String, InstallPath> open = new TreeMap<>(needed);
        open.keySet().removeAll(provided);
        List<String> packages = Stream.of(depends.split("[,|]")).map(relation -> relation.strip().replaceFirst("[\\s:(\\[<].*$", "")).toList();
        open.keySet().removeIf(soname -> packages.stream().anyMatch(name -> answers(name, soname)));
        if (!open.isEmpty()) {
            StringBuilder message = new StringBuilder("no dependency brings the shared libraries that its programs need; write");
            open.keySet().stream().map(Binaries::packageOf).distinct().forEach(name -> message.append(" <depend>").append(name).append("</depend>"));
            message.append(" into <depends> of its block (names as of trixie, or after the soname; <shlibdeps> asks Debian for them), for");
            open.forEach((soname, path) -> message.append(' ').append(soname).append(" (").append(path).append(")"));
            throw new InvalidPackageException(message.toString());
        }
    }

    /**
     * Whether a package may bring a library: it has the name that follows from the soname, with or without the ending of the
     * transition to 64-bit times; that of the library alone, as a vendor's may have; or one that begins with the library's
     * letters and says all of its numbers, as libfftw3-double3 and libsnappy1v5 do; or that of the first word of the library,
     * as libabsl20240722 has for libabsl_base.
     */
    static boolean answers(String name, String soname) {
        String given = Soname.TIME64.matcher(name).replaceFirst("");
        boolean expected = given.equals(Soname.TIME64.matcher(packageOf(soname)).replaceFirst(""));
        if (expected || PACKAGES.containsKey(soname)) {
            return expected;
        }
        Soname parts = Soname.of(soname);
        return given.equals(parts.library())
                || !parts.version().isEmpty() && (parts.begins(given) || parts.hasLettersAndNumbersIn(given));
    }

    /** Policy 8.1: a library's package is named after its soname. */
    private static String packageOf(String soname) {
        Soname parts = Soname.of(soname);
        boolean hyphen = parts.library().matches(".*\\d") && !parts.version().isEmpty();
        return PACKAGES.getOrDefault(soname, parts.library() + (hyphen ? "-" : "") + parts.version());
    }

    /** A soname as a package's name has it: lower case, and no underscore. */
    private record Soname(String library, String version) {

        /** Libraries that come in the package of a sibling, with the version of their own soname. */
        private static final Map<Pattern, String> SIBLINGS = Map.of(
                Pattern.compile("libicu[a-z0-9]+"), "libicu",
                Pattern.compile("liblber"), "libldap",
                Pattern.compile("lib(form|menu|panel)(w?)"), "libncurses$2",
                Pattern.compile("libhistory"), "libreadline",
                Pattern.compile("libbrotli(common|dec|enc)"), "libbrotli",
                Pattern.compile("libpsx"), "libcap",
                Pattern.compile("libg[dt]k-x11-2\\.0"), "libgtk2.0",
                Pattern.compile("libgdk-3"), "libgtk-3",
                Pattern.compile("libgst(base|check|controller|net|reamer)-1\\.0"), "libgstreamer1.0");

        /** Packages that come beside a library's. */
        private static final Pattern NO_LIBRARY = Pattern.compile(".*-(bin|common|data|dbg|dbgsym|dev|doc|tools|utils)");

        private static final Pattern TIME64 = Pattern.compile("(?<=\\d)t64(?=-|$)");

        static Soname of(String soname) {
            String[] parts = soname.split("\\.so\\.?", 2);
            String library = parts[0].toLowerCase(Locale.ROOT).replace('_', '-');
            String owner = library;
            for (Map.Entry<Pattern, String> sibling : SIBLINGS.entrySet()) {
                Matcher matcher = sibling.getKey().matcher(library);
                owner = matcher.matches() ? matcher.replaceFirst(sibling.getValue()) : owner;
            }
            return new Soname(owner, parts.length < 2 ? "" : parts[1]);
        }

        /** Whether a package is called after the first word, the version behind it or not. */
        boolean begins(String name) {
            String word = name.endsWith(version) ? name.substring(0, name.length() - version.length()) : name;
            return word.matches("lib[a-z+]+") && library.startsWith(word + "-");
        }

        boolean hasLettersAndNumbersIn(String name) {
            String letters = library.replaceFirst("[-.0-9]+$", "");
            if (!name.startsWith(letters) || NO_LIBRARY.matcher(name).matches()) {
                return false;
            }
            String rest = name.substring(letters.length());
            return !rest.matches("[a-z].*")
                    && Stream.of((library.substring(letters.length()) + "-" + version).split("-")).filter(number -> !number.isEmpty())
                            .allMatch(number -> rest.matches("(.*[^0-9.])?" + Pattern.quote(number) + "([^0-9.].*)?"));
        }
    }

    /** The paths of those that need shared libraries. */
    List<InstallPath> linked() {
        return linked;
    }

    /** What lintian would say, a sentence each. */
    List<String> remarks() {
        return remarks;
    }
}
