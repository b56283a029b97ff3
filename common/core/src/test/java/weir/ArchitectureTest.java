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
    void timeComesInByConstructor() {
        Architecture.timeComesInByConstructor().check(WEIR);
    }
}
