package io.keysetsync.embedded;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DependencyTest {

    private static final String CLI = "io.keysetsync.cli..";
    private static final String CONSOLE = "io.keysetsync.console..";
    private static final String DEMO = "io.keysetsync.demo..";
    private static final String OBSERVE = "io.keysetsync.observe..";
    private static final String POOL = "io.keysetsync.pool..";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.keysetsync");

    @Test
    void nothingButTheStandaloneProgramNeedsWhatIsOptionalInThePom() {
        noClasses()
                .that()
                .resideOutsideOfPackages(CLI, CONSOLE, DEMO, OBSERVE, POOL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        CLI,
                        CONSOLE,
                        DEMO,
                        OBSERVE,
                        POOL,
                        "io.micrometer.prometheusmetrics..",
                        "org.apache.camel.component.micrometer..",
                        "org.apache.camel.impl.health..",
                        "org.apache.camel.main..",
                        "org.apache.camel.component.platform..",
                        "picocli..",
                        "ch.qos.logback..",
                        "com.zaxxer..",
                        "org.apache.commons.io..",
                        "me.tongfei..",
                        "org.jline..",
                        "org.h2..",
                        "org.postgresql..",
                        "org.mariadb..")
                .check(classes);
    }

    /** What comes along with the jar is read from the tree that the build has made of the pom. */
    @Test
    void applicationGetsNothingThatItShouldChooseItself() throws Exception {
        Set<String> forced = DependencyTree.of(Path.of("pom.xml"), Path.of("target/dependencies.txt"))
                .forcedOnApplications();

        assertThat(forced).contains("org.apache.camel:camel-kamelet", "org.apache.camel:camel-base-engine");
        assertThat(forced)
                .as("no Main, web server, command line, connection pool of ours, driver, log, bench or test library")
                .filteredOn(artifact -> Stream.of(
                                "org.apache.camel:camel-main",
                                "org.apache.camel:camel-platform-http",
                                "org.apache.camel:camel-test",
                                "io.vertx:",
                                "io.netty:",
                                "org.eclipse.jetty:",
                                "io.undertow:",
                                "org.apache.tomcat",
                                "info.picocli:",
                                "org.jline:",
                                "me.tongfei:",
                                "com.zaxxer:",
                                "commons-io:",
                                "com.h2database:",
                                "org.postgresql:",
                                "org.mariadb",
                                "com.mysql:",
                                "io.micrometer:micrometer-core",
                                "io.micrometer:micrometer-registry",
                                "io.prometheus:",
                                "org.apache.camel:camel-micrometer",
                                "org.apache.camel:camel-health",
                                "ch.qos.logback:",
                                "org.apache.logging.log4j:",
                                "log4j:",
                                "org.slf4j:slf4j-simple",
                                "org.slf4j:slf4j-jdk14",
                                "org.slf4j:slf4j-reload4j",
                                "org.junit",
                                "org.springframework.boot:")
                        .anyMatch(artifact::startsWith))
                .isEmpty();
        assertThat(forced)
                .filteredOn(artifact -> artifact.startsWith("org.slf4j:"))
                .as("the facade alone")
                .containsExactly("org.slf4j:slf4j-api");
    }
}
