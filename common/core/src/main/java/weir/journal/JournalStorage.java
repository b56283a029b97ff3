package weir.journal;

import java.io.IOException;

/** Opens journals for other components: what an extension is that a queue may name as its storage. */
public interface JournalStorage {
    /**
     * Opens the journal of a component, which is to close it.
     *
     * @param name of the component, unique in the process; the same after a restart
     * @throws IOException with a message for people
     */
    Journal open(String name) throws IOException;
}
