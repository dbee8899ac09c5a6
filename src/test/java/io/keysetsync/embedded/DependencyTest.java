package io.keysetsync.embedded;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

class DependencyTest {

    private static final String CLI = "io.keysetsync.cli..";
    private static final String DEMO = "io.keysetsync.demo..";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.keysetsync");

    @Test
    void nothingButTheStandaloneProgramNeedsWhatIsOptionalInThePom() {
        noClasses()
                .that()
                .resideOutsideOfPackages(CLI, DEMO)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        CLI,
                        DEMO,
                        "org.apache.camel.main..",
                        "org.apache.camel.component.platform..",
                        "picocli..",
                        "ch.qos.logback..",
                        "com.zaxxer..",
                        "net.datafaker..",
                        "me.tongfei..",
                        "com.github.freva..",
                        "org.jline..",
                        "org.h2..",
                        "org.postgresql..",
                        "org.mariadb..")
                .check(classes);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        SlicesRuleDefinition.slices()
                .matching("io.keysetsync.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }
}
