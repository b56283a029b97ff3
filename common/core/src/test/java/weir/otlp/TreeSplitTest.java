package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TreeSplitTest {
    private static final List<Integer> DATA = List.of(5, 7, 9, 10, 11);

    private final TreeSplit split = new TreeSplit();

    @ParameterizedTest
    @EnumSource
    void batch_randomRequests_equalsSplittingTheMessages(TreeSplit.Leaf leaf) throws Exception {
        Signal signal = switch (leaf) {
            case SPAN -> Signal.TRACES;
            case LOG_RECORD -> Signal.LOGS;
            case METRIC, DATA_POINT -> Signal.METRICS;
        };
        int leafLevel = leaf == TreeSplit.Leaf.DATA_POINT ? 4 : 2;
        int leavesSeen = 0;
        for (int seed = 0; seed < 300; seed++) {
            RandomOtlp random = new RandomOtlp(seed);
            byte[] bytes = random.message(signal, false).toByteArray();
            Message request = RandomOtlp.parse(signal, bytes);
            Batch batch = OtlpCheck.check(signal, bytes, 0, bytes.length);
            split.index(batch, leaf);
            int[] destination = random.random.ints(split.leaves(), 0, 3).toArray();
            leavesSeen += destination.length;
            for (int to = 0; to < 3 && destination.length > 0; to++) {
                int wanted = to;
                long taken = Arrays.stream(destination).filter(d -> d == wanted).count();
                if (taken == 0 || taken == destination.length) {
                    continue;
                }
                Iterator<Integer> next = Arrays.stream(destination).iterator();
                Message expected = pruned(request, 0, leafLevel, next, to);
                Batch part = split.batch(destination, to);
                byte[] out = Arrays.copyOfRange(part.bytes(), part.offset(), part.end());
                assertThat(RandomOtlp.parse(signal, out)).as("seed " + seed).isEqualTo(expected);
                assertThat(OtlpCheck.check(signal, out, 0, out.length).items())
                        .as("seed " + seed)
                        .isEqualTo(part.items());
                assertThat(next.hasNext()).isFalse();
            }
        }
        assertThat(leavesSeen).isGreaterThan(500);
    }

    /** The message with only the wanted leaves; null if none of them is in it. */
    private static @Nullable Message pruned(
            Message message, int level, int leafLevel, Iterator<Integer> next, int wanted) {
        Message.Builder out = message.toBuilder();
        boolean any = false;
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (!isChild(field, level)) {
                continue;
            }
            if (field.isRepeated()) {
                out.clearField(field);
                for (Object child : (List<?>) message.getField(field)) {
                    Message kept = level == leafLevel
                            ? (next.next() == wanted ? (Message) child : null)
                            : pruned((Message) child, level + 1, leafLevel, next, wanted);
                    if (kept != null) {
                        out.addRepeatedField(field, kept);
                        any = true;
                    }
                }
            } else if (message.hasField(field)) {
                Message kept = pruned((Message) message.getField(field), level + 1, leafLevel, next, wanted);
                if (kept != null) {
                    out.setField(field, kept);
                    any = true;
                }
            }
        }
        return any || level == 0 ? out.build() : null;
    }

    private static boolean isChild(FieldDescriptor field, int level) {
        return switch (level) {
            case 0, 4 -> field.getNumber() == 1;
            case 3 -> DATA.contains(field.getNumber());
            default -> field.getNumber() == 2;
        };
    }
}
