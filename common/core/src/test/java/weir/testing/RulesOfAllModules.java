package weir.testing;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

/** The rules that hold for each module, and for all that it builds upon; its own test adds those of its parts. */
public interface RulesOfAllModules {
    JavaClasses WEIR = Architecture.weir();

    @Test
    default void frameworkStaysAtTheRim() {
        Architecture.frameworkStaysAtTheRim().check(WEIR);
    }

    @Test
    default void timeComesInByConstructor() {
        Architecture.timeComesInByConstructor().check(WEIR);
    }

    @Test
    default void onlyMainEndsTheProcess() {
        Architecture.onlyMainEndsTheProcess().check(WEIR);
    }
}
