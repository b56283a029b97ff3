package weir.hash;

/** How a key's owner is found among the members. All who send to the same gateways must use the same one. */
public enum Ring {
    /** By the scores that the members' names give the key. */
    RENDEZVOUS,
    /** The collector's ring of CRC-32 positions, as it has been since the year 2025. */
    CRC32,
    /** The collector's ring as it was before: most keys have another owner there. */
    CRC32_OLD
}
