package io.github.debianatomic.maven.deb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.debianatomic.maven.deb822.Deb822;
import io.github.debianatomic.maven.tree.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.vafer.jdeb.Console;
import org.vafer.jdeb.DataConsumer;
import org.vafer.jdeb.DebMaker;
import org.vafer.jdeb.PackagingException;
import org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarArchiveEntry;

/** The same package, assembled by jdeb: what the writer is held against, in tests and in the benchmark. */
public final class JdebWriter implements Console {

    private JdebWriter() {}

    public static Path write(Deb deb, Path file, Path work) throws IOException, PackagingException {
        return write(deb, file, work, "none");
    }

    /** @param compression none, gzip or xz */
    public static Path write(Deb deb, Path file, Path work, String compression) throws IOException, PackagingException {
        Path control = Files.createDirectories(work.resolve("jdeb-control"));
        Files.writeString(control.resolve("control"), Deb822.format(deb.control()));
        DebMaker maker = new DebMaker(new JdebWriter(), List.of(consumer -> produce(deb, consumer)), null);
        maker.setControl(control.toFile());
        maker.setDeb(file.toAbsolutePath().toFile());
        maker.setCompression(compression);
        maker.setEncoding(UTF_8);
        maker.setOutputTimestampMs(deb.time().instant().toEpochMilli());
        maker.setTarLongFileMode("gnu");
        maker.setTarBigNumberMode("star");
        maker.validate();
        maker.makeDeb();
        return file;
    }

    private static void produce(Deb deb, DataConsumer consumer) throws IOException {
        for (Entry entry : deb.tree().entries()) {
            String name = entry.path().tarName();
            TarArchiveEntry header = new TarArchiveEntry(
                    entry instanceof Entry.Directory && !name.endsWith("/") ? name + "/" : name,
                    entry instanceof Entry.Link ? TarConstants.LF_SYMLINK : entry instanceof Entry.File ? TarConstants.LF_NORMAL : TarConstants.LF_DIR,
                    true);
            header.setMode(entry.mode().bits());
            header.setIds(0, 0);
            header.setNames("root", "root");
            if (entry instanceof Entry.File file) {
                header.setSize(file.content().size());
                try (InputStream in = file.content().open()) {
                    consumer.onEachFile(in, header);
                }
            } else if (entry instanceof Entry.Link link) {
                header.setLinkName(link.target());
                consumer.onEachLink(header);
            } else {
                consumer.onEachDir(header);
            }
        }
    }

    @Override
    public void debug(String message) {}

    @Override
    public void info(String message) {}

    @Override
    public void warn(String message) {}
}
