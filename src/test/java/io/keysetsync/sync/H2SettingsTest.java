package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of an H2 database that change how it keeps names and values. */
class H2SettingsTest {

    private static final String SCHEMA =
            "{\"table\": \"Mixed\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"INT\","
                    + " \"Text\": \"STRING\", \"updatedAt\": \"UTC_DATETIME\"}}";

    private static TestDatabase with(String settings) {
        TestDatabase plain = TestDatabase.h2();
        return new TestDatabase(plain.url() + ";" + settings, plain.username(), plain.password());
    }

    private static String record(int id, String more) {
        return "{\"id\": %d, \"updatedAt\": \"2024-01-01T00:00:0%dZ\"%s}".formatted(id, id, more);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DATABASE_TO_UPPER=TRUE",
                "DATABASE_TO_UPPER=FALSE",
                "DATABASE_TO_LOWER=TRUE",
                "MODE=PostgreSQL",
                "MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
                "MODE=MySQL;DATABASE_TO_LOWER=TRUE",
                "MODE=MariaDB;DATABASE_TO_LOWER=TRUE",
                "MODE=MSSQLServer",
                "MODE=DB2",
                "MODE=LEGACY"
            })
    void severalStartsAndRunsSucceedAndKeepEmptyText(String settings) throws Exception {
        TestDatabase database = with(settings);
        for (int i = 1; i < 7; i += 2) {
            try (OwnStream stream = new OwnStream(database, SCHEMA)) {
                Map<String, Object> run = stream.sync(record(i, ", \"Text\": \"\""));
                assertThat(run).as(settings).containsEntry("status", "complete").containsEntry("upserted", 1L);
                assertThat(stream.sync(
                                record(i, ", \"Text\": \"\""), record(i + 1, ", \"TEXT\": \"\", \"text\": " + i)))
                        .containsEntry("status", "complete")
                        .containsEntry("unchanged", 1L)
                        .containsEntry("upserted", 1L);
            }
        }
        assertThat(database.jdbc()
                        .queryForList("SELECT \"id\" FROM \"Mixed\" WHERE \"Text\" = '' ORDER BY 1", Integer.class))
                .containsExactly(1, 3, 5);
        assertThat(database.jdbc()
                        .queryForList("SELECT \"text\" FROM \"Mixed\" WHERE \"TEXT\" = '' ORDER BY 1", Integer.class))
                .containsExactly(1, 3, 5);
        assertThat(database.cursor("own")).isEqualTo("2024-01-01T00:00:06Z");
    }

    private static void assertRefused(String settings, String message) {
        assertThatThrownBy(() -> new OwnStream(with(settings), SCHEMA).close())
                .satisfies(error -> assertThat(Errors.known(error))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessage(message));
    }

    @Test
    void settingsThatChangeNamesOrValuesAreRefusedAtStart() {
        assertRefused(
                "CASE_INSENSITIVE_IDENTIFIERS=TRUE",
                "database: it has CASE_INSENSITIVE_IDENTIFIERS, for which fields that differ in case are one; take it out of"
                        + " its url");
        assertRefused(
                "MODE=Oracle",
                "database: it has MODE=Oracle, which would store empty text as null; take it out of its url");
    }
}
