package weir.agent;

import jakarta.inject.Singleton;
import weir.pipeline.Components;
import weir.rim.PipelineService;

/** What makes a service of Weir the agent. */
@Singleton
public class AgentService implements PipelineService {
    @Override
    public Components components() {
        return AgentComponents.ALL;
    }
}
