package weir.exporter.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.extension.filestorage.FileStorageConfig;
import weir.extension.filestorage.FileStorageFactory;
import weir.journal.Sync;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.pipeline.Delivery;
import weir.pipeline.Extension;
import weir.pipeline.Reason;
import weir.testing.ManualTimer;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;
import weir.testing.Waiting;

class StoredQueueTest {
    private static final Delivery LATER =
            Delivery.retryLater(Duration.ZERO, Reason.BACKEND_UNAVAILABLE, "connection refused");
    private static final int MIB = 1 << 20;

    @TempDir
    private Path directory;

    private final ManualTimer timer = new ManualTimer();
    private final List<Delivery> answers = new CopyOnWriteArrayList<>();

    /** One life of a process: a queue, its context and its backend. */
    private final class Life {
        final RecordingConsumer backend = new RecordingConsumer();
        final ComponentContext context;
        final StoredQueue queue;

        Life(long maxBytes, int queueSize, RetryPolicy retry) throws IOException {
            Extension storage = new FileStorageFactory()
                    .create(TestContexts.of("extension", "file_storage", null), storageConfig());
            context = TestContexts.of(
                    "exporter",
                    "otlp/a",
                    Signal.TRACES,
                    timer,
                    TestContexts.process(),
                    Map.of(ComponentId.parse("file_storage"), storage));
            queue = new StoredQueue(context, config(queueSize), retry, maxBytes, backend);
        }

        Life() throws IOException {
            this(MIB, 1000, RetryPolicy.DEFAULT);
        }

        Life started() throws IOException {
            queue.start();
            return this;
        }

        void consume(Batch... batches) throws IOException {
            int before = answers.size();
            for (Batch batch : batches) {
                queue.consume(batch, answers::add);
            }
            Waiting.until(() -> answers.size() == before + batches.length);
        }

        void end() {
            queue.close();
            assertThat(context.ledger().difference()).isZero();
            assertThat(context.held().bytes()).isZero();
        }
    }

    private FileStorageConfig storageConfig() {
        return new FileStorageConfig(
                directory.toString(),
                false,
                "0750",
                Duration.ofSeconds(1),
                false,
                16 * MIB,
                false,
                new FileStorageConfig.CompactionConfig(false, false, "", 100, 10, 65536, Duration.ofSeconds(5), false),
                new FileStorageConfig.WeirConfig(Sync.NONE, Duration.ofSeconds(1)));
    }

    private static SendingQueueConfig config(int queueSize) {
        return new SendingQueueConfig(
                true, 2, queueSize, SendingQueueConfig.Sizer.REQUESTS, false, false, "file_storage");
    }

    private static Batch batch(int number, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) number);
        return Batch.of(Signal.TRACES, bytes, 1 + number % 7);
    }

    private static List<String> names(List<Batch> batches) {
        List<String> names = new ArrayList<>();
        for (Batch b : batches) {
            byte[] bytes = Arrays.copyOfRange(b.bytes(), b.offset(), b.end());
            names.add(b.items() + " items, " + bytes.length + " bytes #" + Arrays.hashCode(bytes));
        }
        return names;
    }

    @Test
    void consume_backendTakesIt_leavesNothingForTheNextLife() throws Exception {
        Life life = new Life().started();
        life.consume(batch(1, 100), batch(2, 100));
        life.backend.await(2);
        Waiting.until(() -> life.queue.size() == 0);
        assertThat(life.queue.drain(Duration.ofSeconds(1))).isTrue();
        life.end();

        assertThat(answers).containsExactly(Delivery.ACCEPTED, Delivery.ACCEPTED);
        assertThat(names(life.backend.batches()))
                .containsExactlyElementsOf(names(List.of(batch(1, 100), batch(2, 100))));
        assertThat(life.context.ledger().deliveredItems()).isEqualTo(5);
        assertThat(life.context.metrics().value("otelcol_exporter_sent_spans")).isEqualTo(5);
        Life next = new Life().started();
        assertThat(next.context.ledger().recoveredItems()).isZero();
        next.end();
    }

    @Test
    void close_backendHasNotAnswered_theNextLifeSendsIt() throws Exception {
        Life life = new Life().started();
        life.backend.hold();
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            batches.add(batch(i, 500));
            life.consume(batches.getLast());
        }
        life.end();
        assertThat(answers).containsOnly(Delivery.ACCEPTED);

        Life next = new Life();
        next.started();
        next.backend.await(200);
        Waiting.until(() -> next.queue.size() == 0);
        next.end();

        assertThat(names(next.backend.batches())).containsExactlyInAnyOrderElementsOf(names(batches));
        assertThat(next.context.ledger().recoveredItems())
                .isEqualTo(next.context.ledger().deliveredItems());
        assertThat(next.context.ledger().heldItems()).isZero();
    }

    @Test
    void consume_moreThanMemoryHolds_sendsAllInFull() throws Exception {
        Life life = new Life(20_000, 10_000, RetryPolicy.DEFAULT).started();
        life.backend.hold();
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            batches.add(batch(i, 1000));
            life.consume(batches.getLast());
        }
        assertThat(life.queue.bytesInMemory()).isLessThanOrEqualTo(20_000);
        assertThat(life.queue.size()).isEqualTo(300);

        for (int i = 0; i < 300; i++) {
            Waiting.until(() -> life.backend.open() > 0);
            life.backend.completeNext(Delivery.ACCEPTED);
        }
        Waiting.until(() -> life.queue.size() == 0);
        assertThat(names(life.backend.batches())).containsExactlyInAnyOrderElementsOf(names(batches));
        life.end();
    }

    @Test
    void consume_retriesRunOut_isDroppedForGood() throws Exception {
        Life life = new Life(MIB, 1000, RetryPolicy.OFF).started();
        life.backend.answer(LATER);
        life.consume(batch(1, 100));
        Waiting.until(() -> life.context.ledger().droppedItems() > 0);
        life.backend.answer(Delivery.rejected(Reason.BACKEND_REJECTED, "no"));
        life.consume(batch(2, 100));
        Waiting.until(() -> life.queue.size() == 0);
        life.end();

        assertThat(life.context.ledger().droppedItems(Reason.BACKEND_UNAVAILABLE))
                .isEqualTo(2);
        assertThat(life.context.ledger().droppedItems(Reason.BACKEND_REJECTED)).isEqualTo(3);
        Life next = new Life().started();
        assertThat(next.context.ledger().recoveredItems()).isZero();
        next.end();
    }

    @Test
    void consume_queueFull_refuses() throws Exception {
        Life life = new Life(MIB, 3, RetryPolicy.DEFAULT).started();
        life.backend.hold();
        life.consume(batch(1, 10), batch(2, 10), batch(3, 10), batch(4, 10));

        assertThat(answers.stream().filter(Delivery.ACCEPTED::equals)).hasSize(3);
        assertThat(life.context.ledger().refusedItems(Reason.QUEUE_FULL)).isEqualTo(5);
        assertThat(life.context.metrics().value("otelcol_exporter_enqueue_failed_spans"))
                .isEqualTo(5);
        assertThat(life.context.metrics().value("otelcol_exporter_queue_size")).isEqualTo(3);
        assertThat(life.context.metrics().value("otelcol_exporter_queue_capacity"))
                .isEqualTo(3);
        assertThat(life.queue.trouble()).isEqualTo("sending queue is full");
        life.end();
    }

    @Test
    void consume_storageFull_refusesAndGoesOnWhenTheBackendDoes() throws Exception {
        Life life = new Life(MIB, 100_000, RetryPolicy.DEFAULT).started();
        life.backend.hold();
        Batch large = batch(1, 200_000);
        while (answers.stream().allMatch(Delivery.ACCEPTED::equals)) {
            life.consume(large);
        }
        Waiting.until(() -> {
            life.consume(large);
            return answers.getLast() instanceof Delivery.RetryLater(var _, var _, var message)
                    && message.contains("the storage of the sending queue is full");
        });
        assertThat(answers.size()).isBetween(50, 200);

        life.backend.answer(Delivery.ACCEPTED);
        while (life.backend.open() > 0) {
            life.backend.completeNext(Delivery.ACCEPTED);
        }
        Waiting.until(() -> life.queue.size() == 0);
        life.consume(large);
        assertThat(answers.getLast()).isEqualTo(Delivery.ACCEPTED);
        Waiting.until(() -> life.queue.size() == 0);
        life.end();
    }

    @Test
    void drain_backendDown_keepsItForTheNextLife() throws Exception {
        Life life = new Life().started();
        life.backend.answer(LATER);
        life.consume(batch(1, 10));
        life.backend.await(1);
        assertThat(life.queue.trouble()).as("there is room").isEmpty();

        assertThat(life.queue.drain(Duration.ofMinutes(1))).isTrue();
        life.end();

        Life next = new Life().started();
        assertThat(next.context.ledger().recoveredItems()).isEqualTo(2);
        next.backend.await(1);
        Waiting.until(() -> next.queue.size() == 0);
        next.end();
    }

    @Test
    void start_noSuchStorage_saysWhatToDo() {
        ComponentContext context = TestContexts.of("exporter", "otlp/a", Signal.TRACES, timer);
        StoredQueue queue = new StoredQueue(context, config(10), RetryPolicy.DEFAULT, MIB, new RecordingConsumer());

        assertThatThrownBy(queue::start)
                .hasMessageContaining("sending_queue.storage of exporter otlp/a names 'file_storage'")
                .hasMessageContaining("service.extensions");
    }
}
