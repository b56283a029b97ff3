package weir.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has cost so far, as Linux tells in /proc.
 *
 * @param cpuSeconds user and system time of all its threads
 * @param rssBytes resident now
 * @param peakRssBytes the most that was ever resident
 */
public record ProcessUsage(double cpuSeconds, long rssBytes, long peakRssBytes) {
    /** The unit of CPU times in /proc, USER_HZ, is a hundredth of a second on every Linux there is. */
    private static final double TICKS_PER_SECOND = 100;

    public static ProcessUsage of(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        double cpu = (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS_PER_SECOND;
        List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
        return new ProcessUsage(cpu, kibibytes(status, "VmRSS:"), kibibytes(status, "VmHWM:"));
    }

    private static long kibibytes(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElse(0);
    }
}
