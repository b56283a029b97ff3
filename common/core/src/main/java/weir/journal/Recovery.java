package weir.journal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.journal.Format.Header;
import weir.journal.Volume.VolumeFile;

/** Finds out what a journal's files hold when it is opened: reads all of them once and keeps where records lie. */
final class Recovery {
    private static final Logger LOG = System.getLogger(Recovery.class.getName());
    private static final int MOST_NOTES = 10;

    /** A file and what its header says. */
    private record Candidate(Header header, Segment segment) {}

    private final Volume volume;
    private final JournalOptions options;
    private final Counts counts;
    private final FileBytes bytes = new FileBytes();
    private final SegmentScan scan = new SegmentScan();

    private final List<Candidate> candidates = new ArrayList<>();
    private final List<Segment> blank = new ArrayList<>();
    private final Map<Long, Long> places = new HashMap<>();
    private long[] released = new long[1024];
    private int releases;
    private final List<String> notes = new ArrayList<>();
    private long before;
    private long oldest;
    private int numbers;
    /** Records of the segment that is looked at which say what cannot be. */
    private int unsound;

    /** The newest segment says that there was another after it. */
    private boolean sealed;

    private Recovery(Volume volume, JournalOptions options, Counts counts) {
        this.volume = volume;
        this.options = options;
        this.counts = counts;
    }

    /** @throws IOException if the files cannot be read, or are a later version's; with a message for people */
    static Segments run(Volume volume, JournalOptions options, long generation, Counts counts) throws IOException {
        Recovery recovery = new Recovery(volume, options, counts);
        try {
            return recovery.run(generation);
        } catch (IOException | RuntimeException e) {
            recovery.candidates.forEach(c -> c.segment.file.close());
            recovery.blank.forEach(s -> s.file.close());
            throw e;
        }
    }

    private Segments run(long generation) throws IOException {
        for (String name : volume.list()) {
            int number = Format.fileNumber(name);
            if (number >= 0) {
                numbers = Math.max(numbers, number + 1);
                look(name, number);
            }
        }
        candidates.sort(Comparator.comparingLong(c -> c.header.sequence()));
        Segments segments = new Segments(options, generation);
        segments.numbersFrom(numbers);
        long former = -1;
        for (Candidate candidate : candidates) {
            if (candidate.header.sequence() == former) {
                forget(candidate.segment.toString(), candidate.segment.file, "says that it is another");
            } else {
                add(candidate.segment, segments);
            }
            former = candidate.header.sequence();
        }
        blank.forEach(segments::recoveredReady);
        settle(segments);
        return segments;
    }

    private void look(String name, int number) throws IOException {
        VolumeFile file = volume.open(name);
        bytes.read(file, 0, Format.HEADER);
        if (bytes.length() < Format.HEADER) {
            forget(name, file, "is cut off within its header");
            return;
        }
        Header header = header(name);
        if (header != null) {
            Segment segment = new Segment(number, file, header.capacity());
            segment.begin(header.sequence(), header.salt());
            segment.suspect = file.size() < header.capacity();
            candidates.add(new Candidate(header, segment));
            oldest = Math.max(oldest, header.oldest());
        } else if (isBlank() && file.size() == options.segmentBytes()) {
            blank.add(new Segment(number, file, options.segmentBytes()));
        } else {
            forget(name, file, isBlank() ? "" : "has no header that can be read");
        }
    }

    private @Nullable Header header(String name) throws IOException {
        try {
            Header first = Format.header(bytes.bytes(), 0);
            Header second = Format.header(bytes.bytes(), Format.HEADER_COPY);
            if ((first == null) != (second == null)) {
                counts.damaged.increment();
                note(name + ": one of its two headers is damaged");
            }
            return first == null ? second : first;
        } catch (Format.NewerException e) {
            throw new IOException(
                    "the journal in " + volume + " was written by a later version of Weir (" + e.getMessage()
                            + "); use that version, or empty the directory to give up what is in it",
                    e);
        }
    }

    private boolean isBlank() {
        for (int i = 0; i < Format.HEADER; i++) {
            if (bytes.bytes()[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void forget(String name, VolumeFile file, String why) throws IOException {
        if (!why.isEmpty()) {
            counts.torn.increment();
            note(name + " " + why + " and is given up");
        }
        file.close();
        volume.delete(name);
    }

    private void add(Segment segment, Segments segments) throws IOException {
        segments.recovered(segment);
        sealed = false;
        if (segment.sequence < oldest) {
            return;
        }
        bytes.read(segment.file, 0, (int) Math.min(segment.capacity, segment.file.size()));
        scan.scan(bytes.bytes(), bytes.length(), segment.salt, (offset, type, length) -> {
            found(segments, segment, offset, type, length);
        });
        segment.end = scan.end();
        int damaged = scan.damaged() + unsound;
        unsound = 0;
        if (damaged > 0 || scan.torn()) {
            counts.damaged.add(damaged);
            counts.torn.add(scan.torn() ? 1 : 0);
            note(segment + ": " + damaged + " damaged places" + (scan.torn() ? ", its end is torn" : ""));
        }
        sealed = scan.sealed();
    }

    private void found(Segments segments, Segment segment, int offset, int type, int length) {
        int payload = offset + Format.RECORD;
        if (!isSound(segment, type, payload, length)) {
            unsound++;
            return;
        }
        switch (type) {
            case Format.RELEASED -> {
                for (int at = payload; at + Long.BYTES <= payload + length; at += Long.BYTES) {
                    release(Format.longAt(bytes.bytes(), at));
                }
            }
            case Format.MOVED -> {
                segment.add(offset, Format.size(length));
                long id = Format.longAt(bytes.bytes(), payload);
                Long former = places.put(id, segment.id(offset));
                segments.moved(id, former == null ? id : former, segment.id(offset));
            }
            case Format.RELEASED_BEFORE -> before = Math.max(before, Format.longAt(bytes.bytes(), payload));
            case Format.OLDEST -> oldest = Math.max(oldest, Format.longAt(bytes.bytes(), payload));
            case Format.SEALED -> {}
            default -> segment.add(offset, Format.size(length));
        }
    }

    /** Whether a journal can have written a record, whose checksum is right: one of its own speaks of segments before. */
    private boolean isSound(Segment segment, int type, int payload, int length) {
        return switch (type) {
            case Format.RELEASED, Format.SEALED -> true;
            case Format.MOVED ->
                length >= Format.MOVED_HEAD
                        && isBefore(segment, Format.longAt(bytes.bytes(), payload))
                        && Format.intAt(bytes.bytes(), payload + 8) > 0;
            case Format.RELEASED_BEFORE ->
                length >= Long.BYTES && Segment.sequenceOf(Format.longAt(bytes.bytes(), payload)) <= segment.sequence;
            case Format.OLDEST ->
                length >= Long.BYTES
                        && Format.longAt(bytes.bytes(), payload) >= 0
                        && Format.longAt(bytes.bytes(), payload) <= segment.sequence;
            default -> type > 0;
        };
    }

    private static boolean isBefore(Segment segment, long id) {
        return id > 0 && Segment.sequenceOf(id) < segment.sequence;
    }

    private void note(String what) {
        if (notes.size() < MOST_NOTES) {
            notes.add(what);
        }
    }

    private void release(long id) {
        if (releases == released.length) {
            released = Arrays.copyOf(released, releases * 2);
        }
        released[releases++] = id;
    }

    private void settle(Segments segments) {
        long expected = oldest;
        for (Segment segment : segments.used()) {
            if (segment.sequence < oldest) {
                segment.releaseBefore(Long.MAX_VALUE);
            } else {
                counts.missing.add(segment.sequence - expected);
                expected = segment.sequence + 1;
            }
        }
        if (sealed) {
            counts.missing.increment();
            segments.sequencesFrom(expected + 1);
        }
        for (int i = 0; i < releases; i++) {
            segments.release(released[i]);
        }
        segments.releaseBefore(before);
        counts.recovered.add(segments.liveRecords());
        if (counts.missing.sum() > 0) {
            note(counts.missing.sum() + " segments are missing");
        }
        if (!notes.isEmpty()) {
            LOG.log(Level.WARNING, "the journal in " + volume + " is not as it was left: " + String.join("; ", notes));
        }
    }
}
