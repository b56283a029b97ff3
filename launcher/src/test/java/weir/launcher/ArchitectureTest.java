package weir.launcher;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;
import weir.testing.Architecture;

class ArchitectureTest {
    private static final JavaClasses WEIR = Architecture.weir();

    @Test
    void frameworkStaysAtTheRim() {
        Architecture.frameworkStaysAtTheRim().check(WEIR);
    }

    @Test
    void noCycles() {
        Architecture.noCycles("weir.launcher.(*)..").check(WEIR);
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
