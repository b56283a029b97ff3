package weir;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;
import weir.testing.Architecture;

class ArchitectureTest {
    private static final JavaClasses WEIR = Architecture.weir();

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
    void exportersDoNotMeet() {
        Architecture.featuresDoNotMeet("weir.exporter.(*)..").check(WEIR);
    }

    @Test
    void timeComesInByConstructor() {
        Architecture.timeComesInByConstructor().check(WEIR);
    }

    @Test
    void onlyMainEndsTheProcess() {
        Architecture.onlyMainEndsTheProcess().check(WEIR);
    }
}
