package weir.load;

/**
 * What became of the traces that were sent.
 *
 * @param spans that arrived, repeats among them
 * @param tracesWhole of which every span arrived
 * @param tracesSplit of which some spans arrived and some did not, although all had been acknowledged
 * @param spansTwice that had arrived before
 * @param spansForeign that no sender of this run made
 * @param mustArrive traces that a sampler must keep (or all, if all are expected)
 * @param missing of those, the ones of which nothing arrived
 * @param incomplete of those, the ones of which not every span arrived
 * @param sent traces that were sent
 */
public record Account(
        long spans,
        long tracesWhole,
        long tracesSplit,
        long spansTwice,
        long spansForeign,
        long mustArrive,
        long missing,
        long incomplete,
        long sent) {}
