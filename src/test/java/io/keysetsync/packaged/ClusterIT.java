package io.keysetsync.packaged;

import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes are killed, suspended and upgraded one after the other. What takes minutes is in {@link ClusterEndurance}, which
 * {@code mvn verify -Pcluster} runs.
 */
class ClusterIT {

    private static final int STREAMS = 10;

    @TempDir
    private Path temp;

    @Test
    void nothingIsLostWhateverHappensToANode() throws IOException {
        try (ClusterProcesses cluster =
                new ClusterProcesses(TestDatabase.postgreSql(), temp, STREAMS, "0/2 * * * * ?")) {
            Mishaps mishaps = new Mishaps(cluster, 1);

            mishaps.kill(ClusterProcesses.NODES);
            mishaps.suspendBetweenPages();
            mishaps.upgrade();

            cluster.assertNothingIsLost();
            System.out.println("cluster: " + cluster.figures());
        }
    }
}
