package weir.testing;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceRule;
import java.time.Duration;
import java.time.Instant;

/** The rules of direction that all modules keep; each module's own test names those that concern it. */
public final class Architecture {
    /** What quarkus-grpc makes of the contract between gateways. */
    private static final String GENERATED = "weir.gateway.v1";

    private Architecture() {}

    /** The classes of Weir on the classpath, without tests. */
    public static JavaClasses weir() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("weir");
    }

    /** The core imports the JDK, JSpecify and the named field libraries: no framework, no network library. For its own test. */
    public static ArchRule coreStandsAlone() {
        return classes()
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

    /** Quarkus, CDI, Mutiny and Micrometer stay in {@code weir.rim} and where a service is wired: its own package. */
    public static ArchRule frameworkStaysAtTheRim() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("weir.rim..", "weir.agent", "weir.gateway", "weir.allocator", GENERATED)
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

    /**
     * Features do not import each other sideways: only the package above them sees them all.
     *
     * @param pattern with the feature in brackets: {@code weir.gateway.(*)..}
     * @param vocabulary packages of what the features talk about, which any may import
     */
    public static ArchRule featuresDoNotMeet(String pattern, String... vocabulary) {
        SliceRule rule = slices().matching(pattern).should().notDependOnEachOther();
        return vocabulary.length == 0 ? rule : rule.ignoreDependency(alwaysTrue(), resideInAnyPackage(vocabulary));
    }

    /** @param pattern with the part in brackets: {@code weir.(*)..} */
    public static ArchRule noCycles(String pattern) {
        return slices().matching(pattern).should().beFreeOfCycles();
    }

    /** Time comes in by constructor, and nobody sleeps but the start that is recorded for the ahead-of-time cache. */
    public static ArchRule timeComesInByConstructor() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName("weir.rim.Training")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", Duration.class)
                .as("no Instant.now() and no Thread.sleep(): time comes in by constructor");
    }

    /** Only what is begun from a command line ends the process. */
    public static ArchRule onlyMainEndsTheProcess() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName("weir.rim.ServiceMain")
                .and(DescribedPredicate.describe(
                        "have no main method",
                        c -> c.tryGetMethod("main", String[].class).isEmpty()))
                .should()
                .callMethod(System.class, "exit", int.class);
    }
}
