package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sync that brings nothing new writes nothing but its run's row; and when a row was written is its time of the write. */
abstract class NothingNewContract extends SinkContract {

    private static final List<String> PAGE = List.of(
            item(1, 1, "\"name\": \"Ada\", \"amount\": 1"),
            item(2, 2, "\"name\": \"Bob\", \"gone\": true"),
            item(3, 3, "\"gone\": true"),
            item(4, 4, "\"amount\": \"x\""),
            item(5, 5, "\"name\": \"Eve\""));

    /** Begins to watch for writes. */
    abstract void watch();

    /** The writes to all tables but that of the runs, since {@link #watch}. */
    abstract List<String> writes();

    private Instant syncedAt(int id) {
        return jdbc.queryForObject("SELECT \"synced\" FROM \"item\" WHERE \"id\" = ?", OffsetDateTime.class, id)
                .toInstant();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soft", "hard"})
    void syncThatBringsNothingNewWritesNothingButItsRun(String deletions) throws Exception {
        if (!deletions.isEmpty()) {
            sink.put("deletedField", "gone");
            sink.put("deleteMode", deletions);
        }
        sink.put("syncedAtColumn", "synced");
        sync(PAGE);
        watch();
        Map<String, Object> run = sync(PAGE);

        assertThat(writes()).isEmpty();
        assertThat(run).containsEntry("status", "complete");
        assertCounts(run, 5, 0, 4, 0, 1);
    }

    @Test
    void oneChangeIsSeenAsAWrite() throws Exception {
        sync(PAGE);
        watch();
        sync(List.of(item(1, 9, "")));

        assertThat(writes()).isNotEmpty();
    }

    @Test
    void timeOfTheWriteIsThatOfTheLastChange() throws Exception {
        sink.put("syncedAtColumn", "synced");
        Instant begin = Instant.now().minusMillis(1);
        sync(PAGE);
        Instant first = syncedAt(1);
        assertThat(first).isBetween(begin, Instant.now());

        sync(List.of(item(1, 1, "\"name\": \"Ada\", \"amount\": 1"), item(5, 6, "")));
        assertThat(syncedAt(1)).as("unchanged").isEqualTo(first);
        assertThat(syncedAt(5)).isAfter(first);
    }

    @Test
    void columnForTheTimeOfTheWriteIsAddedIfItIsMissing() throws Exception {
        sink.put("drift", "ignore");
        sync(PAGE);
        sink.put("syncedAtColumn", "synced");
        assertCounts(sync(List.of(item(2, 2, "\"name\": \"Bob\""), item(5, 6, ""))), 2, 1, 1, 0, 0);

        assertThat(value("synced", 2)).isNull();
        assertThat(syncedAt(5)).isNotNull();
    }

    @Test
    void columnOfTheSchemaCannotHoldTheTimeOfTheWrite() {
        sink.put("syncedAtColumn", "amount");

        assertThatThrownBy(() -> sync(List.of()))
                .rootCause()
                .hasMessage("stream item: schema 'classpath:item.schema.json' has a column 'amount', which is named by"
                        + " syncedAtColumn for the time of the write; rename one of them");
    }
}
