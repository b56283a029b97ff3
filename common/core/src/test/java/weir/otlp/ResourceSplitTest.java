package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResourceSplitTest {
    private final ResourceSplit split = new ResourceSplit();

    @ParameterizedTest
    @EnumSource
    void batch_randomRequests_equalsSplittingTheMessages(Signal signal) throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            RandomOtlp random = new RandomOtlp(seed);
            byte[] bytes = random.message(signal, false).toByteArray();
            Message request = RandomOtlp.parse(signal, bytes);
            FieldDescriptor resources = request.getDescriptorForType().findFieldByNumber(1);
            Batch batch = OtlpCheck.check(signal, bytes, 0, bytes.length);
            split.index(batch);
            int[] destination = random.random.ints(split.resources(), 0, 3).toArray();
            int items = 0;
            for (int to = 0; to < 3; to++) {
                Message.Builder expected = request.toBuilder().clearField(resources);
                for (int i = 0; i < destination.length; i++) {
                    if (destination[i] == to) {
                        expected.addRepeatedField(resources, request.getRepeatedField(resources, i));
                    }
                }
                Batch part = split.batch(destination, to);
                byte[] out = Arrays.copyOfRange(part.bytes(), part.offset(), part.end());
                assertThat(RandomOtlp.parse(signal, out)).as("seed " + seed).isEqualTo(expected.build());
                assertThat(OtlpCheck.check(signal, out, 0, out.length).items()).isEqualTo(part.items());
                items += part.items();
            }
            assertThat(split.resources()).isEqualTo(request.getRepeatedFieldCount(resources));
            if (split.resources() > 0) {
                assertThat(items).isEqualTo(batch.items());
            }
        }
    }
}
