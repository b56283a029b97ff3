package weir.agent;

import io.quarkus.runtime.annotations.QuarkusMain;
import weir.rim.ServiceMain;

/** The agent's process. */
@QuarkusMain
public final class AgentMain {
    private AgentMain() {}

    public static void main(String... args) {
        ServiceMain.run(new AgentService(), args);
    }
}
