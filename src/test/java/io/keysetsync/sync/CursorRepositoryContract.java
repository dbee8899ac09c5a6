package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.FencedException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Mark;
import io.keysetsync.database.Databases;
import io.keysetsync.store.JdbcCursorRepository;
import io.keysetsync.store.StateTables;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cursors' repository as Camel's two interfaces define it, on every database. */
abstract class CursorRepositoryContract {

    private static final Map<String, CursorFormat> FORMATS = Map.of(
            "numbers", CursorFormat.of(CursorType.NUMBER, "same", ZoneOffset.UTC),
            "texts", CursorFormat.of(CursorType.TEXT, "same", ZoneOffset.UTC),
            "patterns", CursorFormat.of(CursorType.TIME, "yyyyMMddHHmmss", ZoneId.of("Europe/Berlin")));

    private final TestDatabase database = database();
    private final JdbcCursorRepository cursors = new JdbcCursorRepository(
            database.dataSource(),
            Databases.clock(database.dataSource(), Clock.systemUTC()),
            stream -> FORMATS.getOrDefault(stream, CursorFormat.DEFAULT));

    abstract TestDatabase database();

    @BeforeEach
    void createTables() {
        new StateTables(Databases.of(database.dataSource()), database.jdbc()).create();
    }

    @Test
    void addMovesTheMarkForwardAndNeverBack() {
        assertThat(cursors.add("orders@2024-01-02T00:00:00Z")).isTrue();
        assertThat(cursors.add("orders@2024-01-02T00:00:00Z")).isFalse();
        assertThat(cursors.add("orders@2024-01-01T00:00:00Z")).isFalse();
        assertThat(cursors.getState("orders")).isEqualTo("2024-01-02T00:00:00Z");
        assertThat(cursors.add("orders@2024-01-03T00:00:00Z")).isTrue();
        assertThat(cursors.getState("orders")).isEqualTo("2024-01-03T00:00:00Z");
    }

    @Test
    void containsEveryPositionAtOrBehindTheMark() {
        cursors.add("orders@2024-01-02T00:00:00Z");

        assertThat(cursors.contains("orders@2024-01-02T00:00:00Z")).isTrue();
        assertThat(cursors.contains("orders@2023-01-01T00:00:00Z")).isTrue();
        assertThat(cursors.contains("orders@2024-01-02T00:00:00.000000001Z")).isFalse();
        assertThat(cursors.contains("users@2023-01-01T00:00:00Z")).isFalse();
    }

    @Test
    void comparesInstantsAndKeepsTheApisOwnText() {
        cursors.add("orders@2024-01-02T01:00:00+02:00");

        assertThat(cursors.contains("orders@2024-01-01T23:00:00Z")).isTrue();
        assertThat(cursors.contains("orders@1704150000"))
                .as("the same instant in seconds")
                .isTrue();
        assertThat(cursors.contains("orders@1704150000001"))
                .as("a millisecond later")
                .isFalse();
        assertThat(cursors.getState("orders")).isEqualTo("2024-01-02T01:00:00+02:00");
    }

    @Test
    void stateIsTheMarkAndCanBeSetBack() {
        assertThat(cursors.getState("orders")).isNull();
        cursors.setState("orders", "2024-01-02T00:00:00Z");
        cursors.setState("orders", "2023-01-01T00:00:00Z");

        assertThat(cursors.getState("orders")).isEqualTo("2023-01-01T00:00:00Z");
    }

    @Test
    void removeForgetsOneStreamAndClearAllOfThem() {
        cursors.add("a@2024-01-01T00:00:00Z");
        cursors.add("b@2024-01-01T00:00:00Z");
        cursors.add("c@d@2024-01-01T00:00:00Z");

        assertThat(cursors.remove("a@2024-01-01T00:00:00Z")).isTrue();
        assertThat(cursors.remove("a@2024-01-01T00:00:00Z")).isFalse();
        assertThat(cursors.getState("a")).isNull();
        assertThat(cursors.getState("b")).isNotNull();
        assertThat(cursors.getState("c@d")).isNotNull();

        cursors.clear();
        assertThat(cursors.getState("b")).isNull();
        assertThat(cursors.add("b@2020-01-01T00:00:00Z")).isTrue();
    }

    @Test
    void moveIsRefusedOnceSomebodyElseMovedTheMark() {
        Mark seen = cursors.read("orders");
        cursors.move("orders", seen, "2024-01-01T00:00:00Z");

        assertThatThrownBy(() -> cursors.move("orders", seen, "2024-01-02T00:00:00Z"))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("stream orders");
        assertThatThrownBy(() -> cursors.confirmUnmoved("orders", seen)).isInstanceOf(FencedException.class);
        assertThat(cursors.getState("orders")).isEqualTo("2024-01-01T00:00:00Z");
    }

    @Test
    void keyWithoutAReadablePositionIsRefused() {
        assertThatThrownBy(() -> cursors.add("orders")).hasMessageContaining("stream@cursor");
        assertThatThrownBy(() -> cursors.add("orders@yesterday")).hasMessageContaining("yesterday");
        assertThatThrownBy(() -> cursors.setState("orders", "")).hasMessageContaining("stream orders");
        assertThatThrownBy(() -> cursors.setState("orders", "20240131"))
                .hasMessage("stream orders: cursor '20240131' must be a time such as 2024-01-31T00:00:00Z, or an"
                        + " epoch number; it looks like a compact date, not an epoch");
    }

    @Test
    void storedCompactDateIsNamedWithWhatToDo() {
        assertThatThrownBy(
                        () -> JdbcCursorRepository.positionOf("orders", new Mark("20240131", 1), CursorFormat.DEFAULT))
                .hasMessage(
                        "stream orders: the stored cursor '20240131' must be a time such as 2024-01-31T00:00:00Z, or an"
                                + " epoch number; it looks like a compact date, not an epoch; set or reset it with"
                                + " 'keyset-sync state'");
    }

    @Test
    void numbersAreComparedAsIntegersOfAnySize() {
        assertThat(cursors.add("numbers@9007199254740992")).isTrue();
        assertThat(cursors.add("numbers@9007199254740993")).isTrue();
        assertThat(cursors.add("numbers@9007199254740993.0")).isFalse();
        assertThat(cursors.add("numbers@99")).isFalse();
        assertThat(cursors.add("numbers@100000000000000000000000000000000000000000"))
                .isTrue();
        assertThat(cursors.getState("numbers")).isEqualTo("100000000000000000000000000000000000000000");
        assertThat(cursors.contains("numbers@-5")).isTrue();
        assertThatThrownBy(() -> cursors.setState("numbers", "2024-01-31T00:00:00Z"))
                .hasMessage("stream numbers: cursor '2024-01-31T00:00:00Z' must be an integer");
    }

    @Test
    void textsAreComparedByCodePointsAndMayHaveTheSeparator() {
        assertThat(cursors.add("texts@01HQ\uFF5E")).isTrue();
        assertThat(cursors.add("texts@01HQ\uD83D\uDE00")).isTrue();
        assertThat(cursors.add("texts@01HQ\uFF5E")).isFalse();
        assertThat(cursors.add("texts@01hq@2024-01-01")).isTrue();
        assertThat(cursors.getState("texts")).isEqualTo("01hq@2024-01-01");
        assertThatThrownBy(() -> cursors.setState("texts", "")).hasMessageContaining("must be a text");
    }

    @Test
    void patternIsReadBeforeOtherNotationsInTheStreamsZone() {
        assertThat(cursors.add("patterns@20240131101500")).isTrue();
        assertThat(cursors.contains("patterns@2024-01-31T09:15:00Z")).isTrue();
        assertThat(cursors.contains("patterns@2024-01-31T09:15:01Z")).isFalse();
        assertThatThrownBy(() -> cursors.setState("patterns", "20240131"))
                .hasMessage("stream patterns: cursor '20240131' must be a time such as 2024-01-31T00:00:00Z, or an"
                        + " epoch number, or written by the pattern yyyyMMddHHmmss; it looks like a compact date, not"
                        + " an epoch");
    }
}
