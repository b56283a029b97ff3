package weir.transport.members;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.hash.Member;
import weir.members.MemberSource;
import weir.members.Sighting;
import weir.otlp.Signal;
import weir.testing.DnsServer;
import weir.testing.ManualTimer;
import weir.testing.TestContexts;
import weir.transport.members.ResolverConfig.DnsOptions;
import weir.transport.members.ResolverConfig.DnsResolver;

class DnsMembersTest {
    private static final String SERVICE = "_otlp-grpc._tcp.gateway.weir.test";
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final ManualTimer timer = new ManualTimer();
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final MemberSource.Listener listener = new MemberSource.Listener() {
        @Override
        public void found(List<Sighting> members) {
            heard.add(members);
        }

        @Override
        public void failed(String why) {
            heard.add(why);
        }
    };

    private DnsServer dns = server();
    private @Nullable DnsMembers members;

    private static DnsServer server() {
        try {
            return new DnsServer();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void hosts() throws IOException {
        dns.addresses("gateway-0.gateway.weir.test", "127.0.0.1")
                .addresses("gateway-1.gateway.weir.test", "127.0.0.2")
                .services(SERVICE, "gateway-1.gateway.weir.test:4317", "gateway-0.gateway.weir.test:4318");
    }

    @AfterEach
    void close() {
        if (members != null) {
            members.close();
        }
        dns.close();
    }

    @Test
    void look_serviceRecords_nameMembersByTheirHostsFirstLabel() throws Exception {
        start(SERVICE, 0, false);

        assertThat(found())
                .containsExactlyInAnyOrder(
                        new Sighting(
                                new Member("gateway-0", "127.0.0.1:4318", "gateway-0.gateway.weir.test"), true, true),
                        new Sighting(
                                new Member("gateway-1", "127.0.0.2:4317", "gateway-1.gateway.weir.test"), true, true));
    }

    @Test
    void look_portGiven_winsOverThatOfTheRecord() throws Exception {
        start(SERVICE, 99, false);

        assertThat(found()).extracting(s -> s.member().address()).containsOnly("127.0.0.1:99", "127.0.0.2:99");
    }

    @Test
    void look_hostsThatShareALabelAndSeveralPorts_haveLongerNames() throws Exception {
        dns.services(
                SERVICE,
                "gateway-0.a.test:1",
                "gateway-0.b.test:1",
                "gateway-1.gateway.weir.test:1",
                "gateway-1.gateway.weir.test:2");
        start(SERVICE, 0, false);

        assertThat(found())
                .extracting(s -> s.member().name())
                .containsExactlyInAnyOrder("gateway-0.a.test", "gateway-0.b.test", "gateway-1:1", "gateway-1:2");
    }

    @Test
    void look_again_findsChangesAndKeepsAnAddressThatIsGoneForNow() throws Exception {
        start(SERVICE, 0, false);
        found();
        dns.addresses("gateway-0.gateway.weir.test", "127.0.0.9");
        dns.remove("gateway-1.gateway.weir.test");

        timer.advance(INTERVAL);

        assertThat(found())
                .extracting(s -> s.member().address())
                .containsExactlyInAnyOrder("127.0.0.9:4318", "127.0.0.2:4317");
    }

    @Test
    void look_plainName_makesEachAddressAMemberThatIsNotStable() throws Exception {
        dns.addresses("gateway.weir.test", "127.0.0.3", "127.0.0.2");
        start("gateway.weir.test", 0, false);

        assertThat(found())
                .containsExactly(
                        new Sighting(new Member("127.0.0.2:4317", "127.0.0.2:4317"), true, false),
                        new Sighting(new Member("127.0.0.3:4317", "127.0.0.3:4317"), true, false));
    }

    @Test
    void look_forACollectorsRing_spellsEndpointsAsItDoes() throws Exception {
        dns.addresses("gateway.weir.test", "127.0.0.3");
        start("gateway.weir.test", 0, true);

        assertThat(found()).extracting(Sighting::member).containsExactly(new Member("127.0.0.3", "127.0.0.3:4317"));
    }

    @Test
    void look_noSuchNameOrNoAnswer_saysSoAndGoesOnLooking() throws Exception {
        dns.remove(SERVICE);
        start(SERVICE, 0, false);
        assertThat(failure()).contains(SERVICE).contains("cannot be looked up");

        dns.mute(true);
        timer.advance(INTERVAL);
        assertThat(failure()).contains(SERVICE);

        dns.mute(false);
        dns.services(SERVICE, "gateway-0.gateway.weir.test:1");
        timer.advance(INTERVAL);
        assertThat(found()).hasSize(1);
    }

    @Test
    void close_noFurtherLook() throws Exception {
        start(SERVICE, 0, false);
        found();
        Objects.requireNonNull(members).close();
        int before = dns.queries();

        timer.advance(INTERVAL.multipliedBy(3));

        assertThat(dns.queries()).isEqualTo(before);
        assertThat(timer.planned()).isZero();
    }

    private void start(String name, int port, boolean byEndpoint) {
        DnsResolver config =
                new DnsResolver(name, port, INTERVAL, Duration.ofMillis(500), new DnsOptions(List.of(dns.address())));
        DnsMembers made =
                new DnsMembers(config, byEndpoint, TestContexts.of("exporter", "load_balancing", Signal.TRACES, timer));
        members = made;
        made.start(listener);
    }

    @SuppressWarnings("unchecked")
    private List<Sighting> found() throws InterruptedException {
        return (List<Sighting>) next();
    }

    private String failure() throws InterruptedException {
        return (String) next();
    }

    /** What is heard next; the look after it is planned then, or will be within moments. */
    private Object next() throws InterruptedException {
        Object next = heard.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a look").isNotNull();
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (timer.planned() == 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return Objects.requireNonNull(next);
    }
}
