package weir.hash;

/**
 * One of those who share the keys.
 *
 * @param name stable: it survives a restart and a move to another address, and is all that ownership depends on
 * @param address where it can be reached now, as host:port
 * @param host what it is called in requests and certificates; empty: what its address says
 */
public record Member(String name, String address, String host) {
    /** One that is called what its address says. */
    public Member(String name, String address) {
        this(name, address, "");
    }
}
