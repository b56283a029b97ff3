package weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import weir.gateway.sampling.Why;
import weir.pipeline.RecentTraces;

class WhyAnswerTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final long NOW = 1_700_000_060_000L;

    private static WhyAnswer answer(Why why, Optional<RecentTraces.Decided> described) {
        return WhyAnswer.of(
                "g1",
                TRACE,
                List.of((high, low) -> {
                    assertThat(high).isEqualTo(0x0af7651916cd43ddL);
                    assertThat(low).isEqualTo(0x8448eb211c80319cL);
                    return why;
                }),
                described);
    }

    @Test
    void decided_isToldWithEachPolicy_andTheTextsThatTheConsoleHas() {
        Why why = new Why.Decided(
                "tail_sampling",
                true,
                "errors",
                "deadline",
                NOW - 12_000,
                5_100,
                3,
                1200,
                612_000_000,
                "0123456789ab",
                List.of(
                        new Why.Voted("errors", Why.Vote.KEEP, "status ERROR"),
                        new Why.Voted("slow", Why.Vote.NOT_KEEP, "latency 612 ms < 2 s"),
                        new Why.Voted("some", Why.Vote.NOT_ASKED, "")));
        RecentTraces.Decided described = new RecentTraces.Decided(
                TRACE, true, "errors", "status ERROR in span `charge`", "deadline", "shop", "POST /pay", 3, 1, 1);

        WhyAnswer answer = answer(why, Optional.of(described));

        assertThat(answer.found()).isTrue();
        assertThat(answer.text(NOW)).isEqualTo("""
                g1 tail_sampling: kept by policy errors, 12.0 s ago (22:14:08 UTC)
                  shop · POST /pay, 3 spans of 1200 B, 612 ms; decided after 5.1 s, trigger deadline, policies 0123456789ab
                  errors  would keep it      status ERROR in span `charge`
                  slow    would not keep it  latency 612 ms < 2 s
                  some    was not asked
                """);
        assertThat(answer.tree().toString()).contains("state=decided").contains("vote=not_keep");
    }

    @Test
    void notDecidedOrNotKnown_isToldInASentence() {
        assertThat(answer(new Why.Waiting("t", 1, 1_200, 3_800), Optional.empty())
                        .text(NOW))
                .isEqualTo("g1 t: not decided yet: 1 span in 1.2 s; will be decided within 3.8 s\n");
        assertThat(answer(new Why.Remembered("t", false, "", 4_000_000), Optional.empty())
                        .text(NOW))
                .isEqualTo("g1 t: dropped 1 h 6 min ago, too long for what the policies looked at to be known still\n");
        WhyAnswer unknown = answer(new Why.Unknown("t", 100, NOW - 90_000), Optional.empty());
        assertThat(unknown.found()).isFalse();
        assertThat(unknown.text(NOW))
                .isEqualTo("g1 t: not known: no span of it came here, or it was decided too long ago."
                        + " Decisions can be explained since 22:12:50 UTC, 1 min 30 s ago.\n");
    }
}
