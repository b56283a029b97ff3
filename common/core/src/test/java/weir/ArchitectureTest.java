package weir;

import org.junit.jupiter.api.Test;
import weir.testing.Architecture;
import weir.testing.RulesOfAllModules;

class ArchitectureTest implements RulesOfAllModules {
    @Test
    void coreStandsAlone() {
        Architecture.coreStandsAlone().check(WEIR);
    }

    @Test
    void bytesKnowNoPipelines() {
        Architecture.bytesKnowNoPipelines().check(WEIR);
    }

    @Test
    void noCycles() {
        Architecture.noCycles("weir.(*)..").check(WEIR);
    }

    @Test
    void processorsDoNotMeet() {
        Architecture.featuresDoNotMeet("weir.processor.(*)..").check(WEIR);
    }

    @Test
    void connectorsDoNotMeet() {
        Architecture.featuresDoNotMeet("weir.connector.(*)..").check(WEIR);
    }

    @Test
    void exportersDoNotMeet() {
        Architecture.featuresDoNotMeet("weir.exporter.(*)..").check(WEIR);
    }
}
