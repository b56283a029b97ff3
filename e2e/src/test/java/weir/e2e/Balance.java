package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import weir.load.Account;
import weir.load.Sender;

/** What must hold when a load has ended. */
final class Balance {
    private Balance() {}

    /** Waits until nothing is inside of the services any more, and has every account balance. */
    static void settle(List<Service> services, Duration limit) {
        for (Service service : services) {
            Await.until(
                    service + " holding nothing",
                    limit,
                    () -> service.held() == 0,
                    () -> service.metrics().text());
        }
        for (Service service : services) {
            assertThat(service.metrics().imbalance())
                    .as("ledger of %s", service)
                    .isEmpty();
        }
    }

    /** Of a load whose slow traces must be kept: nothing was given up or lost, and no trace is split. */
    static void assertNothingLost(Sender sender, Account account) {
        assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
        assertThat(account.mustArrive()).isPositive();
        assertThat(account.missing())
                .as("slow traces that did not arrive: %s", account)
                .isZero();
        assertThat(account.tracesSplit()).as("split traces: %s", account).isZero();
        assertThat(account.spansForeign()).isZero();
    }
}
