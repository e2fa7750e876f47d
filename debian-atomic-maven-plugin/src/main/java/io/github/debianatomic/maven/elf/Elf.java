package io.github.debianatomic.maven.elf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.tree.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * What an ELF file says of itself in its headers and its dynamic section, elf(5). Only those are read, wherever they
 * stand: a program with its symbols may have hundreds of megabytes.
 *
 * @param machine {@code e_machine}
 * @param bits 32 or 64
 * @param order of its bytes
 * @param type {@code e_type}
 * @param dynamic whether it has a dynamic section
 * @param needed the sonames it needs, in its order
 * @param bindsNow whether all its symbols are bound when it starts
 * @param symbols whether it has the table of symbols that strip(1) removes
 */
record Elf(int machine, int bits, ByteOrder order, int type, boolean dynamic, List<String> needed, boolean bindsNow, boolean symbols) {

    /** {@code ET_REL}: an object file, a kernel module. */
    static final int OBJECT = 1;

    /** {@code ET_EXEC}: a program that runs at one address alone. */
    static final int FIXED = 2;

    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int SHT_SYMTAB = 2;
    private static final int DT_NEEDED = 1;
    private static final int DT_STRTAB = 5;
    private static final int DT_FLAGS = 30;
    private static final int DT_FLAGS_1 = 0x6ffffffb;
    private static final int DF_BIND_NOW = 8;
    private static final int DF_1_NOW = 1;

    /** More than any linker writes; a broken header may say anything. */
    private static final int LONGEST_TABLE = 1 << 22;

    private static final int LONGEST_NAME = 4096;

    /** Copies the list. */
    Elf {
        needed = List.copyOf(needed);
    }

    /** It is cut, or says of itself what cannot be. */
    static final class BrokenException extends Exception {

        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }
    }

    /**
     * @param content a file that begins as ELF does
     * @throws BrokenException when it is not whole
     * @throws IOException when it cannot be read
     */
    static Elf read(Content content) throws IOException, BrokenException {
        try (SeekableByteChannel channel = content instanceof Content.OnDisk disk
                ? Files.newByteChannel(disk.file())
                : new SeekableInMemoryByteChannel(content.bytes())) {
            return new Reader(channel).read();
        }
    }

    private static final class Reader {

        private final SeekableByteChannel channel;
        private boolean wide;
        private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

        Reader(SeekableByteChannel channel) {
            this.channel = channel;
        }

        Elf read() throws IOException, BrokenException {
            ByteBuffer ident = at(0, 16, "its first 16 bytes");
            wide = ident.get(4) == 2;
            order = ident.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            ByteBuffer header = at(0, wide ? 64 : 52, "its header");
            int counts = wide ? 54 : 42;
            ByteBuffer segments = table(word(header, wide ? 32 : 28), header, counts, "its program headers");
            ByteBuffer sections = table(word(header, wide ? 40 : 32), header, counts + 4, "its section headers");
            boolean symbols = false;
            for (int start = 0; start < sections.limit(); start += size(header, counts + 4)) {
                symbols |= sections.getInt(start + 4) == SHT_SYMTAB;
            }
            ByteBuffer dynamic = null;
            Map<Long, Long> loaded = new HashMap<>(); // address to place in the file
            for (int start = 0; start < segments.limit(); start += size(header, counts)) {
                long place = word(segments, start + (wide ? 8 : 4));
                if (segments.getInt(start) == PT_LOAD) {
                    loaded.put(word(segments, start + (wide ? 16 : 8)), place);
                } else if (segments.getInt(start) == PT_DYNAMIC) {
                    dynamic = at(place, word(segments, start + (wide ? 32 : 16)), "its dynamic section");
                }
            }
            List<String> needed = new ArrayList<>();
            boolean now = dynamic != null && bindsNow(dynamic);
            if (dynamic != null) {
                for (long name : values(dynamic, DT_NEEDED)) {
                    needed.add(name(names(dynamic, loaded) + name));
                }
            }
            return new Elf(Short.toUnsignedInt(header.getShort(18)), wide ? 64 : 32, order, header.getShort(16), dynamic != null, needed, now, symbols);
        }

        private boolean bindsNow(ByteBuffer dynamic) {
            return values(dynamic, DT_FLAGS).stream().anyMatch(flags -> (flags & DF_BIND_NOW) != 0)
                    || values(dynamic, DT_FLAGS_1).stream().anyMatch(flags -> (flags & DF_1_NOW) != 0);
        }

        /** Where the names of libraries stand in the file: the dynamic section says their address. */
        private long names(ByteBuffer dynamic, Map<Long, Long> loaded) throws BrokenException {
            long address = values(dynamic, DT_STRTAB).stream().findFirst().orElse(-1L);
            long start = loaded.keySet().stream().filter(begin -> begin <= address).max(Long::compare).orElseThrow(
                    () -> new BrokenException("no segment has its table of names"));
            return loaded.get(start) + address - start;
        }

        private List<Long> values(ByteBuffer dynamic, long tag) {
            List<Long> values = new ArrayList<>();
            int entry = wide ? 16 : 8;
            for (int start = 0; start + entry <= dynamic.limit() && word(dynamic, start) != 0; start += entry) {
                if (word(dynamic, start) == tag) {
                    values.add(word(dynamic, start + entry / 2));
                }
            }
            return values;
        }

        private String name(long place) throws IOException, BrokenException {
            ByteBuffer bytes = at(place, Math.max(0, Math.min(LONGEST_NAME, channel.size() - place)), "the name of a library");
            int end = 0;
            while (end < bytes.limit() && bytes.get(end) != 0) {
                end++;
            }
            return new String(bytes.array(), 0, end, UTF_8);
        }

        private static int size(ByteBuffer header, int where) {
            return Short.toUnsignedInt(header.getShort(where));
        }

        /** Of entries whose size and count stand in the header. */
        private ByteBuffer table(long place, ByteBuffer header, int where, String what) throws IOException, BrokenException {
            int size = size(header, where);
            int count = size(header, where + 2);
            if (count > 0 && size < (wide ? 56 : 32)) { // the smallest of elf(5)
                throw new BrokenException(what + " have entries of " + size + " bytes");
            }
            return at(count == 0 ? 0 : place, (long) size * count, what);
        }

        private long word(ByteBuffer bytes, int where) {
            return wide ? bytes.getLong(where) : Integer.toUnsignedLong(bytes.getInt(where));
        }

        private ByteBuffer at(long place, long length, String what) throws IOException, BrokenException {
            if (place < 0 || length < 0 || place > channel.size() - length) {
                throw new BrokenException("it ends before " + what);
            }
            if (length > LONGEST_TABLE) {
                throw new BrokenException(what + " would have " + length + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) length).order(order);
            channel.position(place);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until it is full
            }
            if (bytes.hasRemaining()) {
                throw new BrokenException("it ends before " + what);
            }
            return bytes;
        }
    }
}
