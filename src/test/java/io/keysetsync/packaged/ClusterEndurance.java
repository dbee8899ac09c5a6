package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.sync.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thirty streams, and all that may happen to three nodes, for some minutes on each database: {@code mvn verify -Pcluster}. It
 * is by chance which streams run when a node is killed; {@code -Dcluster.seed=7} begins with other numbers.
 */
class ClusterEndurance {

    private static final int STREAMS = Integer.getInteger("cluster.streams", 30);
    private static final int ROUNDS = Integer.getInteger("cluster.rounds", 4);
    private static final long SEED = Long.getLong("cluster.seed", 1);
    private static final Duration OUTAGE = Duration.ofSeconds(20);

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"PostgreSQL", "MariaDB"})
    void nothingIsLostWhateverHappens(String name) throws Exception {
        TestDatabase database = name.equals("MariaDB") ? TestDatabase.mariaDb() : TestDatabase.postgreSql();
        try (ClusterProcesses cluster = new ClusterProcesses(database, temp, STREAMS, "0/3 * * * * ?")) {
            Mishaps mishaps = new Mishaps(cluster, SEED);
            for (int round = 0; round < ROUNDS; round++) {
                mishaps.kill(4);
                mishaps.killOne();
            }
            mishaps.suspendBetweenPages();
            say(name, "suspended in a transaction: " + mishaps.suspendInATransaction());
            mishaps.databaseAway(OUTAGE);
            Optional<Path> library = clockLibrary();
            if (library.isPresent()) {
                say(name, "5 s ahead: " + mishaps.clockOff(library.get(), "+5s"));
                say(name, "5 s behind: " + mishaps.clockOff(library.get(), "-5s"));
            } else {
                say(name, "libfaketime is not installed: no node had a wrong clock");
            }
            mishaps.upgrade();

            cluster.assertNothingIsLost();
            say(name, cluster.figures());
            assertThat(cluster.kills()).isGreaterThan(5 * ROUNDS - 1);
        }
    }

    private static void say(String database, String what) {
        System.out.println("cluster on " + database + ": " + what);
    }

    /** Debian's, if it is there. */
    private static Optional<Path> clockLibrary() throws Exception {
        Path libraries = Path.of("/usr/lib");
        try (Stream<Path> found = Files.find(
                libraries, 3, (file, attributes) -> file.endsWith(Path.of("faketime", "libfaketime.so.1")))) {
            return found.findFirst();
        }
    }
}
