package weir.testing;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What fuzz targets begin with. A target is a class with {@code fuzzerTestOneInput(byte[])}, which fails by throwing, and
 * {@code inputs()}; plain tests run it over these, and {@code common/core/fuzz} begins with them to look for more.
 *
 * <p>Inputs that were found stand in the target's text file, one a line: the first byte in hexadecimal, {@code hex} or {@code
 * text}, the rest. Lines that begin with # say what comes next.
 */
public final class FuzzInputs {
    /** No input is this hard: time of the processor, so that a machine which stands still in between does not count. */
    private static final long MOST_CPU_NANOS = 2_000_000_000L;

    private FuzzInputs() {}

    /** What is tried. */
    public interface Target {
        void accept(byte[] input) throws Exception;
    }

    /** The inputs in the text file of a target. */
    public static List<byte[]> of(Class<?> target) throws IOException {
        try (InputStream in = requireNonNull(target.getResourceAsStream(target.getSimpleName() + ".txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(FuzzInputs::input)
                    .toList();
        }
    }

    private static byte[] input(String line) {
        String[] parts = line.split(" ", 3);
        byte[] rest = switch (parts[1]) {
            case "hex" -> HexFormat.of().parseHex(parts[2]);
            case "text" -> parts[2].getBytes(StandardCharsets.UTF_8);
            default -> throw new IllegalArgumentException("neither hex nor text: " + line);
        };
        return input(HexFormat.fromHexDigits(parts[0]), rest);
    }

    /** An input of one byte that says what the rest is, and the rest. */
    public static byte[] input(int first, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        out.writeBytes(rest);
        return out.toByteArray();
    }

    /** Runs a target over inputs; fails with the line to add to its file for what it fails on. */
    public static void run(Target target, List<byte[]> inputs) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (byte[] input : inputs) {
            long before = threads.getCurrentThreadCpuTime();
            try {
                target.accept(input);
            } catch (Exception | Error e) {
                throw new AssertionError("fails on " + line(input), e);
            }
            long nanos = threads.getCurrentThreadCpuTime() - before;
            if (nanos > MOST_CPU_NANOS) {
                throw new AssertionError("takes " + nanos / 1_000_000 + " ms: " + line(input));
            }
        }
    }

    private static String line(byte[] input) {
        HexFormat hex = HexFormat.of();
        return input.length == 0
                ? "nothing"
                : hex.toHexDigits(input[0]) + " hex " + hex.formatHex(input, 1, input.length);
    }

    /**
     * Writes a target's inputs as files, where a fuzzer looks for them; or, given files, prints them as lines of text.
     *
     * @param args class of the target, directory; or files
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 2 && Files.isDirectory(Path.of(args[1]))) {
            List<byte[]> inputs = new ArrayList<>();
            for (Object input :
                    (List<?>) Class.forName(args[0]).getMethod("inputs").invoke(null)) {
                inputs.add((byte[]) input);
            }
            for (int i = 0; i < inputs.size(); i++) {
                Files.write(Path.of(args[1], "input-" + i), inputs.get(i));
            }
            return;
        }
        for (String file : args) {
            System.out.println(line(Files.readAllBytes(Path.of(file))));
        }
    }
}
