package weir.rim;

import com.sun.management.OperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import weir.telemetry.Metrics;

/** What the process itself uses, under the collector's names; read when somebody asks. */
final class ProcessMetrics {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final long PAGE_BYTES = 4096;
    private static final long MILLIS = 1_000;
    private static final long NANOS = 1_000_000_000;

    private ProcessMetrics() {}

    static void register(Metrics metrics) {
        var runtime = ManagementFactory.getRuntimeMXBean();
        var heap = ManagementFactory.getMemoryMXBean();
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        metrics.counter(
                "otelcol_process_uptime", "Seconds since the process began", () -> runtime.getUptime() / MILLIS);
        metrics.counter(
                "otelcol_process_cpu_seconds",
                "Seconds of CPU, user and system",
                () -> system.getProcessCpuTime() / NANOS);
        metrics.gauge(
                "otelcol_process_memory_rss", "Resident bytes; 0 where /proc is not", ProcessMetrics::residentBytes);
        metrics.gauge(
                "otelcol_process_runtime_heap_alloc_bytes",
                "Bytes of the heap in use, with what is not collected yet",
                () -> heap.getHeapMemoryUsage().getUsed());
        metrics.gauge(
                "weir_process_direct_memory_bytes",
                "Bytes that network buffers have of direct memory, in use or pooled",
                PlatformDependent::usedDirectMemory);
        metrics.gauge(
                "weir_process_direct_memory_limit_bytes",
                "The most direct memory that network buffers may have",
                PlatformDependent::maxDirectMemory);
    }

    private static long residentBytes() {
        try {
            String[] pages = Files.readString(STATM).split(" ", 3);
            return Long.parseLong(pages[1]) * PAGE_BYTES;
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }
}
