package weir.transport.receiver;

import weir.otlp.MalformedOtlpException;
import weir.otlp.Signal;

/** Turns OTLP/JSON requests into the protobuf that everything behind the receiver works on. Any thread. */
@FunctionalInterface
interface JsonRequests {
    byte[] toProtobuf(Signal signal, byte[] json) throws MalformedOtlpException;
}
