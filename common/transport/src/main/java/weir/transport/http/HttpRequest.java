package weir.transport.http;

/**
 * A whole request.
 *
 * @param body decompressed, of just its length; the receiver's to keep
 */
public record HttpRequest(HttpHead head, byte[] body) {}
