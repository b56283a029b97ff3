package weir.config;

/** A configuration record that checks more than each option's type. */
public interface Checked {
    /** Reports what is wrong; called once after binding, with all options set. Must not throw. */
    void check(Complaints complaints);

    /** Takes what a record has to say against its values. */
    interface Complaints {
        /**
         * The values cannot be used.
         *
         * @param option the option's name in the file, or a path below this record such as {@code policies[2].name}; empty: the record itself
         * @param what what is wrong and what to do, as a sentence without a full stop
         */
        void error(String option, String what);

        /**
         * Part of a text cannot be used.
         *
         * @param offset where the part begins in the text, in characters from 0
         * @param length of the part in characters, at least 1
         * @param hint what to do; may be empty
         */
        default void errorWithin(String option, int offset, int length, String what, String hint) {
            error(option, what);
        }

        /** The values can be used but will not do what one might think. */
        void warning(String option, String what);
    }
}
