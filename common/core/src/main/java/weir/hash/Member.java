package weir.hash;

/**
 * One of those who share the keys.
 *
 * @param name stable: it survives a restart and a move to another address, and is all that ownership depends on
 * @param address where it can be reached now
 */
public record Member(String name, String address) {}
