package io.keysetsync.embedded;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packages as rooms: which may know which, and how large they may become. */
class RoomsTest {

    private static final int MOST_FILES = 20;
    private static final int MOST_LINES = 300;
    private static final Path SOURCES = Path.of("src/main/java/io/keysetsync");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.keysetsync");

    /** Each line: a room, and all rooms of ours that it may know, besides the root. */
    @ParameterizedTest
    @CsvSource({
        "record,",
        "parameters,",
        "cursor, record",
        "http, http parameters record",
        "request, cursor",
        "paging, cursor http record request",
        "table, cursor record",
        "database, cursor record table",
        "store, cursor database record table",
        "run, cursor database paging record request store table",
        "metrics, cursor database http run store",
        "jq, paging parameters record run",
        "sink, cursor database parameters record run store table",
        "source, cursor http jq metrics paging parameters record request run store",
        "inspect, cursor paging record request run source table",
        "quarantine, cursor paging request run store",
        "events, cursor parameters run store",
        "pool, database",
        "cluster, database run store",
        "observe, metrics run",
        "console, cursor database metrics observe parameters pool quarantine record run store table",
    })
    void roomKnowsOnlyThoseBelow(String room, String below) {
        String[] unknown = rooms().filter(other -> !other.equals(room)
                        && (below == null || !List.of(below.split(" ")).contains(other)))
                .map(other -> "io.keysetsync." + other + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage("io.keysetsync." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(unknown)
                .check(CLASSES);
    }

    @Test
    void rootKnowsNoRoom() {
        noClasses()
                .that()
                .resideInAPackage("io.keysetsync")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.keysetsync.*..")
                .check(CLASSES);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        SlicesRuleDefinition.slices()
                .matching("io.keysetsync.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void noPackageHasMoreFilesThanOneCanKeepInMind() throws IOException {
        try (Stream<Path> all = Files.walk(SOURCES)) {
            assertThat(all.filter(Files::isDirectory)
                            .filter(room -> javaFiles(room).size() > MOST_FILES))
                    .isEmpty();
        }
    }

    @Test
    void onlyDatabaseClassesAreLong() throws IOException {
        try (Stream<Path> all = Files.walk(SOURCES)) {
            assertThat(all.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.startsWith(SOURCES.resolve("database")))
                            .filter(file -> lines(file) > MOST_LINES))
                    .isEmpty();
        }
    }

    private static Stream<String> rooms() {
        try (Stream<Path> all = Files.list(SOURCES)) {
            return all.filter(Files::isDirectory).map(room -> room.getFileName().toString()).toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> javaFiles(Path room) {
        try (Stream<Path> files = Files.list(room)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
