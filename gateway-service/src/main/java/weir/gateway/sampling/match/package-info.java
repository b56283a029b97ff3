/**
 * What sampling policies ask of single spans, answered in one pass over a span's bytes, one bit a question.
 *
 * <pre>
 * SpanCondition  what is asked
 * SpanMatcher    all that is asked: a resource's attributes, a span's fields
 *   KeyQuestions   what is asked about one key, by weir.match
 *   TraceStates    members of a W3C trace state
 * OttlQuestion   what is asked in OTTL
 * OttlMatcher    all that is asked in it: of spans and their events, until a trace's question is answered
 * </pre>
 *
 * <p>Nothing here allocates for a span, but for a text that a regular expression is asked about for the first time. A
 * matcher belongs to one thread at a time.
 */
@NullMarked
package weir.gateway.sampling.match;

import org.jspecify.annotations.NullMarked;
