package weir.gateway;

import org.junit.jupiter.api.Test;
import weir.testing.Architecture;
import weir.testing.RulesOfAllModules;

class ArchitectureTest implements RulesOfAllModules {
    @Test
    void featuresDoNotMeet() {
        Architecture.featuresDoNotMeet("weir.gateway.(*)..").check(WEIR);
    }
}
