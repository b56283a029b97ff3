package weir.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** The rules of direction that every module keeps, each module's own test naming the ones that concern it. */
public final class Architecture {
    private Architecture() {}

    /** The classes of Weir on the classpath, without tests. */
    public static JavaClasses weir() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("weir");
    }

    /** The core imports the JDK, JSpecify and the named field libraries: no framework, no network library. */
    public static ArchRule coreStandsAlone() {
        return classes()
                .that()
                .resideInAnyPackage(
                        "weir.otlp..",
                        "weir.pipeline..",
                        "weir.config..",
                        "weir.telemetry..",
                        "weir.flow..",
                        "weir.hash..",
                        "weir.processor..",
                        "weir.exporter..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "org.jspecify..",
                        "org.snakeyaml.engine..",
                        "com.google.re2j..",
                        "com.fasterxml.jackson.core..",
                        "weir..")
                .as("the core depends on the JDK, JSpecify, SnakeYAML Engine, RE2/J and jackson-core only");
    }

    /** What carries bytes knows nothing of pipelines. */
    public static ArchRule bytesKnowNoPipelines() {
        return noClasses()
                .that()
                .resideInAPackage("weir.otlp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "weir.pipeline..", "weir.config..", "weir.flow..", "weir.processor..", "weir.exporter..");
    }

    /** Quarkus, CDI, Mutiny and Micrometer stay at the rim: {@code weir.rim}, a service's own package, its console's and API's resources. */
    public static ArchRule frameworkStaysAtTheRim(String... rimPackages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rimPackages)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "jakarta..",
                        "io.smallrye..",
                        "io.micrometer..",
                        "io.vertx..",
                        "org.eclipse.microprofile..");
    }

    /** Features do not import each other sideways: only a service's own package sees all of its parts. */
    public static ArchRule featuresDoNotMeet(String pattern) {
        return slices().matching(pattern).should().notDependOnEachOther().allowEmptyShould(true);
    }

    public static ArchRule noCycles() {
        return slices().matching("weir.(*)..").should().beFreeOfCycles();
    }

    /** Time comes in by constructor, and only a main method ends the process. */
    public static ArchRule timeComesInByConstructor() {
        return noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .as("no Instant.now() and no Thread.sleep(): time comes in by constructor");
    }
}
