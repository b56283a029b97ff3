package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SeriesTableTest {
    private final Family family = new Family("f", Family.Type.GAUGE, "");

    private Series series(long low) {
        return new NumberSeries(family, new byte[] {(byte) low}, (int) low, 7, low, false);
    }

    @Test
    void addAndRemove_anyOrder_findsWhatIsThere() {
        SeriesTable table = new SeriesTable(s -> s.low);
        Map<Long, Series> model = new HashMap<>();
        Random random = new Random(11);
        for (int i = 0; i < 50_000; i++) {
            long key = random.nextInt(400);
            Series there = model.get(key);
            if (there == null) {
                Series made = series(key);
                table.add(made);
                model.put(key, made);
            } else if (random.nextInt(3) == 0) {
                table.remove(there);
                model.remove(key);
            }
            long asked = random.nextInt(400);
            assertThat(table.find(7, asked)).isSameAs(model.get(asked));
            assertThat(table.find(8, asked)).isNull();
        }
        assertThat(table.size()).isEqualTo(model.size());
    }

    @Test
    void forEach_removingWhatIsShown_missesNothing() {
        SeriesTable table = new SeriesTable(s -> s.low);
        for (long i = 0; i < 1000; i++) {
            table.add(series(i));
        }
        Set<Long> seen = new HashSet<>();
        table.forEach(0, table.slots(), s -> {
            seen.add(s.low);
            if (s.low % 3 != 0) {
                table.remove(s);
            }
        });
        assertThat(seen).hasSize(1000);
        assertThat(table.size()).isEqualTo(334);
        assertThat(table.find(7, 4)).isNull();
        assertThat(table.find(7, 9)).isNotNull();
    }
}
