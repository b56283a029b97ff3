package weir.gateway.sampling;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import weir.pipeline.ComponentContext;

/**
 * What a sampler decided lately, kept in a file of the data directory from a clean stop to the next start, so that a span
 * which comes after a restart shares the fate of its trace. Written whole beside the old file and then put in its place; one
 * that is damaged is told of and not used.
 *
 * <pre>
 * magic 8 | seed 8 | policies 4, each: name as modified UTF-8 | shards 4, each: words 4, word 8 ... | CRC-32C 8
 * </pre>
 *
 * All numbers are big-endian. Words are those of {@link DecisionMemory}; their fingerprints mean something only with the seed.
 */
final class DecisionFile {
    /** "WeirDec1" */
    private static final long MAGIC = 0x57656972_44656331L;

    private static final int MAX_POLICIES = 1 << 16;
    private static final int MAX_SHARDS = 1 << 16;

    /**
     * What the file says.
     *
     * @param seed of {@link TraceHash}
     * @param policies their names, in the order that verdicts count them
     * @param shards what each remembers, as {@link DecisionMemory#words} has it
     */
    record Content(long seed, List<String> policies, List<long[]> shards) {}

    private final Path path;
    private final Logger logger;

    DecisionFile(Path path, Logger logger) {
        this.path = path;
        this.logger = logger;
    }

    /** The file of a processor: its own, also where the same one stands in several pipelines. */
    static DecisionFile of(ComponentContext context) {
        String name = context.pipeline().isEmpty() ? context.id().toString() : context.pipeline() + " " + context.id();
        Path directory = context.process().dataDirectory().resolve("decisions");
        return new DecisionFile(directory.resolve(URLEncoder.encode(name, StandardCharsets.UTF_8)), context.logger());
    }

    /** What was written last; null if there is nothing, or nothing that can be used. */
    @Nullable
    Content read() {
        if (!Files.exists(path)) {
            return null;
        }
        CRC32C sum = new CRC32C();
        try (DataInputStream in = new DataInputStream(
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(path), 1 << 16), sum))) {
            Content content = read(in, Files.size(path));
            long expected = sum.getValue();
            if (in.readLong() != expected || in.read() >= 0) {
                throw new IOException("its checksum is wrong");
            }
            return content;
        } catch (IOException e) {
            logger.log(
                    Level.WARNING,
                    "the decisions from before the restart are not known, so spans of traces that were decided then are"
                            + " taken for new traces: cannot use " + path + ": " + e.getMessage());
            return null;
        }
    }

    private static Content read(DataInputStream in, long size) throws IOException {
        if (in.readLong() != MAGIC) {
            throw new IOException("it is no file of decisions, or one of another version");
        }
        long seed = in.readLong();
        int policies = count(in, Math.min(MAX_POLICIES, size));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < policies; i++) {
            names.add(in.readUTF());
        }
        int shards = count(in, Math.min(MAX_SHARDS, size));
        List<long[]> all = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            long[] words = new long[count(in, size / Long.BYTES)];
            for (int w = 0; w < words.length; w++) {
                words[w] = in.readLong();
            }
            all.add(words);
        }
        return new Content(seed, List.copyOf(names), List.copyOf(all));
    }

    /** A damaged number must not make room for more than the file can hold. */
    private static int count(DataInputStream in, long max) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > max) {
            throw new IOException("it is damaged");
        }
        return count;
    }

    /** Puts it in the place of what was there; if that cannot be done, says so and leaves what was there. */
    void write(Content content) {
        Path made = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.createDirectories(path.getParent());
            try (FileChannel file = FileChannel.open(
                    made, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                write(content, Channels.newOutputStream(file));
                file.force(true);
            }
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            logger.log(
                    Level.WARNING,
                    "spans that come after the restart may not share the fate of their trace: cannot write " + path
                            + ": " + e);
        }
    }

    private static void write(Content content, OutputStream to) throws IOException {
        CRC32C sum = new CRC32C();
        DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new CheckedOutputStream(to, sum), 1 << 16));
        out.writeLong(MAGIC);
        out.writeLong(content.seed());
        out.writeInt(content.policies().size());
        for (String name : content.policies()) {
            out.writeUTF(name);
        }
        out.writeInt(content.shards().size());
        for (long[] words : content.shards()) {
            out.writeInt(words.length);
            for (long word : words) {
                out.writeLong(word);
            }
        }
        out.flush();
        out.writeLong(sum.getValue());
        out.flush();
    }
}
