package io.keysetsync.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.ConfigurationException;
import io.keysetsync.database.Database;
import io.keysetsync.database.Tables;
import io.keysetsync.store.ClusterSetting;
import io.keysetsync.store.MarkOwner;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The table {@code keyset_sync_node}: the nodes of a cluster, and the streams that each has. Quartz knows a node's triggers
 * only, and those are the cluster's.
 */
final class Nodes {

    /** Nodes with another format of what they share can't run beside this one. */
    private static final int FORMAT = 1;

    /** A node that has not been seen for so long is dead. */
    static final Duration DEAD = Duration.ofSeconds(20);

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<TreeMap<String, MarkOwner>> STREAMS = new TypeReference<>() {};

    private final JdbcTemplate jdbc;
    private final String cluster;
    private final String name;
    private final Clock clock;

    /**
     * A node.
     *
     * @param streams what the cursor of each belongs to
     */
    record Node(String name, Map<String, MarkOwner> streams) {}

    /** @param name of this node */
    Nodes(JdbcTemplate jdbc, String cluster, String name, Clock clock) {
        this.jdbc = jdbc;
        this.cluster = cluster;
        this.name = name;
        this.clock = clock;
    }

    /** The same table, on a connection that is in a transaction. */
    Nodes on(Connection connection) {
        return new Nodes(new JdbcTemplate(new SingleConnectionDataSource(connection, true)), cluster, name, clock);
    }

    /** Creates the table if it is missing. */
    static void create(Database database, Tables tables) {
        String key = database.keyTextType() + " NOT NULL";
        tables.createUnquoted(
                "keyset_sync_node",
                "CREATE TABLE keyset_sync_node (node " + key + " PRIMARY KEY, cluster_name " + key
                        + ", format INT NOT NULL, started_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, streams "
                        + database.textType() + " NOT NULL)" + database.tableOptions());
    }

    /** Adds this node. */
    void add(Map<String, MarkOwner> streams) {
        long now = clock.millis();
        jdbc.update(
                "INSERT INTO keyset_sync_node (node, cluster_name, format, started_at, seen_at, streams)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                name,
                cluster,
                FORMAT,
                now,
                now,
                json(streams));
    }

    /** Says that this node lives; false if others have taken it for dead, and removed it. */
    boolean seen() {
        return jdbc.update("UPDATE keyset_sync_node SET seen_at = ? WHERE node = ?", clock.millis(), name) > 0;
    }

    /** Removes this node. */
    void remove() {
        jdbc.update("DELETE FROM keyset_sync_node WHERE node = ?", name);
    }

    /** Removes nodes that died. */
    void removeDead() {
        jdbc.update(
                "DELETE FROM keyset_sync_node WHERE cluster_name = ? AND seen_at < ?",
                cluster,
                clock.millis() - DEAD.toMillis());
    }

    /** The other nodes that live. */
    List<Node> others() {
        return jdbc.query(
                "SELECT node, format, streams FROM keyset_sync_node WHERE cluster_name = ? AND node <> ? AND seen_at >= ?",
                (row, i) -> new Node(row.getString(1), streams(row.getString(1), row.getInt(2), row.getString(3))),
                cluster,
                name,
                clock.millis() - DEAD.toMillis());
    }

    /**
     * Refuses to run beside a node that has one of this node's streams with another url, table, key or cursor field.
     *
     * @throws ConfigurationException naming the stream, the node and the difference
     */
    static void refuseContradiction(Map<String, MarkOwner> streams, List<Node> others) {
        for (Node other : others) {
            other.streams().forEach((stream, theirs) -> {
                MarkOwner ours = streams.get(stream);
                String difference = ours == null ? null : theirs.differenceTo(ours);
                if (difference != null) {
                    throw new ConfigurationException("stream " + stream + ": the node " + other.name()
                            + ", which runs, has " + difference + "; give all nodes the same, or stop those with the"
                            + " old one first");
                }
            });
        }
    }

    private static Map<String, MarkOwner> streams(String node, int format, String json) {
        if (format != FORMAT) {
            throw new ConfigurationException(
                    ClusterSetting.NAME + ": the node " + node + ", which runs, is of a version that"
                            + " can't share its streams with this one (" + format + " instead of " + FORMAT
                            + "); stop all nodes of the old version first");
        }
        try {
            return JSON.readValue(json, STREAMS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("keyset_sync_node.streams of " + node + " can't be read", e);
        }
    }

    private static String json(Map<String, MarkOwner> streams) {
        try {
            return JSON.writeValueAsString(streams);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can't be written", e);
        }
    }
}
