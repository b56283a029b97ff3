/**
 * A journal: records that must outlive the process, in preallocated files that are used again and again.
 *
 * <pre>
 * append, release --&gt; Stage: chunks --&gt; JournalWriter: one thread --&gt; Volume: segment files
 *      Segments: places, live records          FileSupply, Compaction
 * open: Recovery: SegmentScan over every file --&gt; Segments; replay
 * </pre>
 *
 * <p>The layout of a file is in {@link weir.journal.Format}. Segments are let go of strictly in the order in which they were
 * begun; that is what makes a note "this record was released" live as long as the record does. So that one record which is
 * needed long does not hold up the rest, {@link weir.journal.Compaction} copies what is left of the oldest segment to the
 * newest.
 */
@NullMarked
package weir.journal;

import org.jspecify.annotations.NullMarked;
