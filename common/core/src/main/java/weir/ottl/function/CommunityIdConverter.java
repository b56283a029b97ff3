package weir.ottl.function;

import static weir.ottl.function.Family.optional;
import static weir.ottl.function.Family.value;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** {@code CommunityID}: the flow hash of that name, version 1, which is the same for both directions of a connection. */
final class CommunityIdConverter {
    private static final int MOST = 0xffff;
    private static final Map<String, Integer> PROTOCOLS =
            Map.of("ICMP", 1, "TCP", 6, "UDP", 17, "RSVP", 46, "ICMP6", 58, "SCTP", 132);

    /** One end of a connection; the lesser one is hashed first. */
    private record End(byte[] address, int port) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int length = Integer.compare(address.length, other.address.length);
            int bytes = length != 0 ? length : Arrays.compareUnsigned(address, other.address);
            return bytes != 0 ? bytes : Integer.compare(port, other.port);
        }
    }

    private CommunityIdConverter() {}

    static <T> void addTo(Family<T> family) {
        family.converter(
                "CommunityID",
                CommunityIdConverter::create,
                value("source_i_p"),
                value("source_port"),
                value("destination_i_p"),
                value("destination_port"),
                optional("protocol"),
                optional("seed"));
    }

    private static <T> Getter<T> create(Arguments<T> arguments) {
        Getter<T> sourceOf = arguments.value("source_i_p");
        Getter<T> sourcePortOf = arguments.value("source_port");
        Getter<T> destinationOf = arguments.value("destination_i_p");
        Getter<T> destinationPortOf = arguments.value("destination_port");
        Getter<T> protocolOf = arguments.value("protocol");
        Getter<T> seedOf = arguments.value("seed");
        boolean hasProtocol = arguments.has("protocol");
        boolean hasSeed = arguments.has("seed");
        Value value = new Value();
        return (item, into) -> {
            End source = end(sourceOf, sourcePortOf, item, value);
            End destination = end(destinationOf, destinationPortOf, item, value);
            int protocol = hasProtocol ? protocol(protocolOf, item, value) : 6;
            int seed = hasSeed ? number("seed", seedOf, item, value) : 0;
            boolean inOrder = source.compareTo(destination) <= 0;
            into.set(hash(inOrder ? source : destination, inOrder ? destination : source, protocol, seed));
        };
    }

    private static <T> End end(Getter<T> addressOf, Getter<T> portOf, T item, Value value) {
        addressOf.get(item, value);
        String text = Family.text(value);
        byte[] address = NetConverters.address(text);
        if (address.length == 0) {
            throw new OttlException("`" + text + "` is no address");
        }
        return new End(address, number("port", portOf, item, value));
    }

    private static <T> int number(String what, Getter<T> getter, T item, Value value) {
        getter.get(item, value);
        long number = Family.integer(value);
        if (number < 0 || number > MOST) {
            throw new OttlException("a " + what + " is between 0 and " + MOST);
        }
        return (int) number;
    }

    private static <T> int protocol(Getter<T> getter, T item, Value value) {
        getter.get(item, value);
        Integer number = PROTOCOLS.get(Family.text(value));
        if (number == null) {
            throw new OttlException("the protocol is none of ICMP, TCP, UDP, RSVP, ICMP6 and SCTP");
        }
        return number;
    }

    private static String hash(End first, End second, int protocol, int seed) {
        ByteBuffer flow = ByteBuffer.allocate(8 + first.address().length + second.address().length)
                .putShort((short) seed)
                .put(first.address())
                .put(second.address())
                .put((byte) protocol)
                .put((byte) 0)
                .putShort((short) first.port())
                .putShort((short) second.port());
        try {
            return "1:"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-1").digest(flow.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
