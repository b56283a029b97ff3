package weir.ottl.function;

import static weir.ottl.function.Family.value;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** Addresses of networks: IsInCIDR. */
final class NetConverters {
    /** @param bits how many of the address's say which network it is */
    private record Network(byte[] address, int bits) {
        static Network of(String text) {
            int slash = text.indexOf('/');
            byte[] address = slash < 0 ? new byte[0] : NetConverters.address(text.substring(0, slash));
            int bits = -1;
            try {
                bits = slash < 0 ? -1 : Integer.parseInt(text.substring(slash + 1));
            } catch (NumberFormatException e) {
                // Told below.
            }
            if (address.length == 0 || bits < 0 || bits > 8 * address.length) {
                throw new OttlException("`" + text + "` is no network such as 10.0.0.0/8");
            }
            return new Network(address, bits);
        }

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            int mask = 0xff << (8 - bits % 8);
            return Arrays.equals(other, 0, whole, address, 0, whole)
                    && (bits % 8 == 0 || ((other[whole] ^ address[whole]) & mask & 0xff) == 0);
        }
    }

    private NetConverters() {}

    static <T> void addTo(Family<T> family) {
        family.converter(
                "IsInCIDR", NetConverters::isIn, value("target"), Parameter.of("networks", Parameter.Kind.VALUES));
    }

    /** Empty if it is none. Never asks a name server, not even for what nearly is an address, such as 999.1.1.1. */
    static byte[] address(String text) {
        boolean four = text.matches("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
        boolean six = text.length() <= 45 && text.matches("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
        try {
            return four || six ? InetAddress.ofLiteral(text).getAddress() : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static <T> Getter<T> isIn(Arguments<T> arguments) throws ArgumentException {
        Getter<T> getter = arguments.value("target");
        @Nullable List<Getter<T>> listed = arguments.values("networks");
        if (listed == null) {
            throw new ArgumentException("networks", "must be a list in brackets");
        }
        List<Network> known = arguments.constant("networks") == null ? null : constant(arguments);
        Value value = new Value();
        return (item, into) -> {
            getter.get(item, value);
            byte[] address = address(Family.text(value));
            boolean in = false;
            if (known != null) {
                for (Network network : known) {
                    in |= network.contains(address);
                }
            } else {
                for (Getter<T> each : listed) {
                    each.get(item, value);
                    in |= Network.of(Family.text(value)).contains(address);
                }
            }
            into.set(in);
        };
    }

    private static <T> List<Network> constant(Arguments<T> arguments) throws ArgumentException {
        List<Network> networks = new ArrayList<>();
        try {
            arguments.texts("networks").forEach(text -> networks.add(Network.of(text)));
        } catch (OttlException e) {
            throw new ArgumentException("networks", String.valueOf(e.getMessage()));
        }
        return networks;
    }
}
