package weir.transport;

import org.junit.jupiter.api.Test;
import weir.testing.Architecture;
import weir.testing.RulesOfAllModules;

class ArchitectureTest implements RulesOfAllModules {
    @Test
    void noCycles() {
        Architecture.noCycles("weir.transport.(*)..").check(WEIR);
    }
}
