package weir.journal;

import java.util.Locale;

/** What has happened to a record when its append is acknowledged, and so what it outlives. */
public enum Sync {
    /** It was written: it outlives the process. What the node had not written back by itself dies with the node. */
    NONE,
    /** It was written, and files are synced every so often: of a node that dies, what came in the last interval is lost. */
    INTERVAL,
    /** It was synced, together with all that came while the sync before went on: it outlives the node. */
    ALWAYS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
