package weir.gateway.prometheus;

import weir.pipeline.Reason;

/** What became of the first point of an identity. */
sealed interface Made {
    /** A series, which is not in the store yet. */
    record New(Series series) implements Made {}

    /** None, for a reason that people are told in a sentence without a full stop. */
    record None(Reason reason, String why) implements Made {}
}
