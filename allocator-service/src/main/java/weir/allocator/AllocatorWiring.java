package weir.allocator;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import weir.allocator.allocation.Allocator;
import weir.allocator.api.AllocatorApi;
import weir.telemetry.Metrics;

/** The allocator's beans. */
@Singleton
class AllocatorWiring {
    @Produces
    @Singleton
    Allocator allocator(Metrics metrics) {
        return new Allocator(metrics, System::nanoTime);
    }

    @Produces
    @Singleton
    AllocatorApi api(Allocator allocator) {
        return new AllocatorApi(allocator::current);
    }
}
