package weir.allocator.targets;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import weir.hash.Mix;

/**
 * One target as it was discovered: the labels are those before relabelling, because the collector relabels again.
 *
 * <p>Its identity is its job and all labels but {@code __meta_*} after relabelling, as 128 bits over the labels sorted by name.
 * So targets that become the same are one, and two allocators that discovered the same give it the same identity.
 *
 * @param labels sorted by name, {@code __address__} and {@code __meta_*} included
 * @param high the identity's first half, never shown
 * @param low its second half, which debug pages show as the hash
 */
public record Target(String job, Map<String, String> labels, long high, long low) {
    public static final String ADDRESS = "__address__";
    private static final String META = "__meta_";

    /** A target that relabelling leaves as it is. */
    public static Target of(String job, Map<String, String> labels) {
        return of(job, labels, labels);
    }

    /**
     * @param labels of the target and, where it has none of that name, of its group
     * @param relabelled what relabelling makes of them
     */
    public static Target of(String job, Map<String, String> labels, Map<String, String> relabelled) {
        ByteArrayOutputStream identity = new ByteArrayOutputStream(256);
        new TreeMap<>(relabelled).forEach((name, value) -> {
            if (!name.startsWith(META)) {
                append(identity, name);
                append(identity, value);
            }
        });
        append(identity, job);
        byte[] bytes = identity.toByteArray();
        long high = Mix.hash(bytes, 0, bytes.length);
        identity.write(1); // another text for the other half
        bytes = identity.toByteArray();
        return new Target(
                job, Collections.unmodifiableMap(new TreeMap<>(labels)), high, Mix.hash(bytes, 0, bytes.length));
    }

    /** 0xff is in no UTF-8 text, so that no two sequences of texts look alike. */
    private static void append(ByteArrayOutputStream to, String text) {
        to.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        to.write(0xff);
    }

    public String address() {
        return labels.getOrDefault(ADDRESS, "");
    }
}
