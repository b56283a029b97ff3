package weir.journal;

/** Learns when a record is as safe as the journal's {@link Sync} says. */
@FunctionalInterface
public interface AppendCallback {
    /**
     * Called exactly once for each append that gave an id, on the journal's writer thread or that which closes it. Must not
     * block and must not throw.
     *
     * @param id what the append gave; it may not have returned yet
     * @param safe false if it could not be written or synced: it must be taken for lost, though after a crash it may appear
     */
    void complete(long id, boolean safe);
}
