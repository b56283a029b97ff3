package weir.members;

import java.util.List;

/** Finds out who the members are, and goes on looking until it is closed. Safe for use by any thread. */
public interface MemberSource extends AutoCloseable {
    /** Learns what a source finds. Called from any thread; must not block. */
    interface Listener {
        /** All members that there are now. */
        void found(List<Sighting> members);

        /**
         * A look failed; what was found before holds.
         *
         * @param why a sentence for the user, without a full stop
         */
        void failed(String why);
    }

    /** How it looks, as the metric label {@code resolver}: static, dns, k8s. */
    String kind();

    /**
     * Begins to look. Does not wait for what is found, unless it is known already.
     *
     * @throws Exception whose message is for the user, when it can never find anything
     */
    void start(Listener listener) throws Exception;

    /** Ends all looking. Idempotent. */
    @Override
    void close();
}
