package weir.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM says of itself when the JDK's jcmd asks it. */
public final class Jcmd {
    private static final Pattern USED = Pattern.compile("used (\\d+)K \\[");

    private Jcmd() {}

    /** Bytes of heap that are in use after a full collection. */
    public static long liveHeapBytes(long pid) throws IOException, InterruptedException {
        ask(pid, "GC.run");
        Matcher used = USED.matcher(ask(pid, "GC.heap_info"));
        long kibibytes = 0;
        while (used.find()) {
            kibibytes += Long.parseLong(used.group(1));
        }
        return kibibytes << 10;
    }

    /**
     * Gives a command and returns what is said to it.
     *
     * @throws IllegalStateException with what is said, if it fails
     */
    public static String ask(long pid, String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asked = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (asked.waitFor() != 0) {
            throw new IllegalStateException("jcmd " + command + ": " + said);
        }
        return said;
    }
}
