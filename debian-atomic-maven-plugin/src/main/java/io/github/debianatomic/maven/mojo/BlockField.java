package io.github.debianatomic.maven.mojo;

import java.util.List;
import java.util.stream.Stream;

/**
 * The fields of a block in {@code <packages>}. A test compares the documentation of {@link AssemblyMojo#packages} and
 * {@code src/site/markdown/parameters.md} with this table.
 */
enum BlockField {
    SKIP("skip", Kind.FLAG),
    ENABLED_UNITS("enabledUnits", Kind.LIST),
    DISABLED_UNITS("disabledUnits", Kind.LIST),
    DEPENDS("depends", Kind.LIST),
    RECOMMENDS("recommends", Kind.LIST),
    SHLIBDEPS("shlibdeps", Kind.FLAG),
    FIELDS("fields", Kind.MAP),
    OVERLAYS("overlays", Kind.BLOCKS),
    EXCLUDES("excludes", Kind.LIST),
    CHOICES("choices", Kind.MAP),
    WAIVERS("waivers", Kind.BLOCKS),
    UPDATE_SCHEDULE("updateSchedule", Kind.MAP, "bootc"),
    COMPOSEFS("composefs", Kind.VALUE, "bootc-baseimage"),
    RELEASE("release", Kind.VALUE, "bootc-baseimage"),
    ROOT_FS_TYPE("rootFsType", Kind.VALUE, "bootc-baseimage"),
    KERNEL_ARGUMENTS("kernelArguments", Kind.LIST, "bootc-baseimage"),
    OPT_USRLOCAL("optUsrlocal", Kind.VALUE, "apt-ostree"),
    BUS_NAME("busName", Kind.VALUE, "apt-ostree"),
    PROGRAM("program", Kind.VALUE, "apt-ostree");

    /** What a field holds. */
    enum Kind {
        /** {@code true} or {@code false}. */
        FLAG,
        /** A text. */
        VALUE,
        /** Elements whose names do not matter. */
        LIST,
        /** Elements by name. */
        MAP,
        /** Elements with fields of their own. */
        BLOCKS;

        boolean isText() {
            return this == FLAG || this == VALUE;
        }
    }

    private final String element;
    private final Kind kind;
    private final String packageName;

    BlockField(String element, Kind kind) {
        this(element, kind, "");
    }

    BlockField(String element, Kind kind, String packageName) {
        this.element = element;
        this.kind = kind;
        this.packageName = packageName;
    }

    /** The field of that element, or null. */
    static BlockField named(String element) {
        for (BlockField field : values()) {
            if (field.element.equals(element)) {
                return field;
            }
        }
        return null;
    }

    /** The elements that the block of a package may have. */
    static List<String> elementsFor(String packageName) {
        return Stream.of(values()).filter(field -> field.isFor(packageName)).map(BlockField::element).toList();
    }

    String element() {
        return element;
    }

    Kind kind() {
        return kind;
    }

    /** The only package it is for, or empty. */
    String packageName() {
        return packageName;
    }

    boolean isFor(String name) {
        return packageName.isEmpty() || packageName.equals(name);
    }
}
