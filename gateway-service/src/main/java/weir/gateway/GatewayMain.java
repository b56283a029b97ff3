package weir.gateway;

import io.quarkus.runtime.annotations.QuarkusMain;
import weir.rim.ServiceMain;

/** The gateway's process. */
@QuarkusMain
public final class GatewayMain {
    private GatewayMain() {}

    public static void main(String... args) {
        ServiceMain.run(new GatewayService(), args);
    }
}
