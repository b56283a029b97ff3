package weir.allocator;

import io.quarkus.runtime.annotations.QuarkusMain;
import weir.rim.ServiceMain;

/** The allocator's process. */
@QuarkusMain
public final class AllocatorMain {
    private AllocatorMain() {}

    public static void main(String... args) {
        ServiceMain.run(new AllocatorService(), args);
    }
}
