package weir.journal;

/** Takes records that are read back. */
@FunctionalInterface
public interface RecordReader {
    /**
     * Takes one record, intact and not released.
     *
     * @param id by which it is released
     * @param bytes used again for the next record
     */
    void record(long id, int type, byte[] bytes, int offset, int length);
}
