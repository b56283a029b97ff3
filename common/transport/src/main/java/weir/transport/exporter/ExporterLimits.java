package weir.transport.exporter;

import weir.config.Checked;
import weir.config.Option;

/** The section {@code weir} of an OTLP exporter. */
public record ExporterLimits(
        @Option(
                doc = "The most that an exporter holds of a signal, in MiB, whatever queue_size says: a number of"
                        + " requests is no measure of memory. 0: a quarter of the heap.",
                fallback = "0")
        int maxQueueMib,

        @Option(
                doc = "What is larger than this, in MiB before compression, is sent in several requests: servers"
                        + " refuse what is over their limit. 0: what servers take unless they are told otherwise,"
                        + " 4 over gRPC (max_recv_msg_size_mib) and 20 over HTTP (max_request_body_size).",
                fallback = "0")
        int maxRequestMib)
        implements Checked {
    public static final ExporterLimits DEFAULT = new ExporterLimits(0, 0);

    @Override
    public void check(Complaints complaints) {
        if (maxQueueMib < 0 || maxQueueMib > 1 << 20) {
            complaints.error("max_queue_mib", "must be from 0 to 1048576");
        }
        if (maxRequestMib < 0 || maxRequestMib > 1024) {
            complaints.error("max_request_mib", "must be from 0 to 1024");
        }
    }

    public long maxQueueBytes() {
        return maxQueueMib == 0 ? Runtime.getRuntime().maxMemory() / 4 : (long) maxQueueMib << 20;
    }

    /** @param usual what servers take unless they are told otherwise */
    public int maxRequestBytes(int usual) {
        return maxRequestMib == 0 ? usual : maxRequestMib << 20;
    }
}
