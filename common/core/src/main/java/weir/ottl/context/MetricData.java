package weir.ottl.context;

import weir.otlp.Fields;
import weir.otlp.Wire;
import weir.ottl.Access;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** What a metric says of all its data points. */
enum MetricData implements Access<Item> {
    /** None, gauge, sum, histogram, exponential histogram, summary: 0 to 5. */
    TYPE {
        @Override
        public void get(Item item, Value into) {
            into.set(
                    switch (item.dataField()) {
                        case Fields.METRIC_GAUGE -> 1L;
                        case Fields.METRIC_SUM -> 2L;
                        case Fields.METRIC_HISTOGRAM -> 3L;
                        case Fields.METRIC_EXPONENTIAL_HISTOGRAM -> 4L;
                        case Fields.METRIC_SUMMARY -> 5L;
                        default -> 0L;
                    });
        }

        @Override
        public void set(Item item, Value value) {
            throw new OttlException(readOnly());
        }

        @Override
        public String readOnly() {
            return "a metric's type is changed by convert_sum_to_gauge and its like only";
        }
    },

    /** NIL for gauges and summaries, which a write leaves as they are. */
    AGGREGATION_TEMPORALITY {
        @Override
        public void get(Item item, Value into) {
            if (hasTemporality(item)) {
                into.set((long) (int) item.data().number(TEMPORALITY << 3 | Wire.VARINT));
            } else {
                into.setNil();
            }
        }

        @Override
        public void set(Item item, Value value) {
            Expected.kind(value, Value.Kind.INT);
            if (hasTemporality(item)) {
                item.data().setVarint(TEMPORALITY, value.integer() << 32 >> 32);
            }
        }
    },

    /** NIL for all but sums, which a write leaves as they are. */
    IS_MONOTONIC {
        @Override
        public void get(Item item, Value into) {
            if (item.dataField() == Fields.METRIC_SUM) {
                into.set(item.data().number(MONOTONIC << 3 | Wire.VARINT) != 0);
            } else {
                into.setNil();
            }
        }

        @Override
        public void set(Item item, Value value) {
            Expected.kind(value, Value.Kind.BOOL);
            if (item.dataField() == Fields.METRIC_SUM) {
                item.data().setVarint(MONOTONIC, value.bool() ? 1 : 0);
            }
        }
    };

    static final int TEMPORALITY = 2;
    static final int MONOTONIC = 3;

    static boolean hasTemporality(Item item) {
        return switch (item.dataField()) {
            case Fields.METRIC_SUM, Fields.METRIC_HISTOGRAM, Fields.METRIC_EXPONENTIAL_HISTOGRAM -> true;
            default -> false;
        };
    }
}
