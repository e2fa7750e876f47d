package io.github.debianatomic.maven.tree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a file holds. It is opened when it is written, so that a large tree never sits in memory. */
public sealed interface Content {

    /** Its length in bytes. */
    long size();

    /** A new stream over the whole of it. */
    InputStream open() throws IOException;

    /** The text as UTF-8. */
    static Content of(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The file as it is on disk; it must not change until the package is written. */
    static Content of(Path file) throws IOException {
        return new OnDisk(file, Files.size(file));
    }

    /** All of it, for files known to be small. */
    default byte[] bytes() throws IOException {
        try (InputStream in = open()) {
            return in.readAllBytes();
        }
    }

    /** Its first bytes, fewer when it is shorter. */
    default byte[] start(int count) throws IOException {
        try (InputStream in = open()) {
            return in.readNBytes(count);
        }
    }

    /** Whether it begins as an ELF file does, elf(5). */
    default boolean isElf() throws IOException {
        return Arrays.equals(start(4), new byte[] {0x7f, 'E', 'L', 'F'});
    }

    /** Whether it begins as a script does, execve(2). */
    default boolean isScript() throws IOException {
        return Arrays.equals(start(2), new byte[] {'#', '!'});
    }

    /** All of it as UTF-8 text, for files known to be small. */
    default String text() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** @param data held in memory: bundled files and what is generated */
    record Bytes(byte[] data) implements Content {
        @Override
        public long size() {
            return data.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(data);
        }
    }

    /**
     * @param file where it is read from
     * @param size its length when the tree was made; another length at writing time is an error
     */
    record OnDisk(Path file, long size) implements Content {
        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }
}
