package io.keysetsync.sync;

import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL gives every version of a row another place, and tells which transaction wrote it. ({@code xmax} does change:
 * an upsert locks the rows that it compares.)
 */
class PostgreSqlNothingNewTest extends NothingNewContract {

    private List<String> before = List.of();

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    @Override
    void watch() {
        before = versions();
    }

    @Override
    List<String> writes() {
        List<String> now = versions();
        return now.equals(before) ? List.of() : now;
    }

    private List<String> versions() {
        return Stream.of("\"item\"", "keyset_sync_cursor", "keyset_sync_quarantine")
                .flatMap(table -> jdbc
                        .queryForList(
                                "SELECT '" + table + "' || ctid || ' ' || xmin FROM " + table + " ORDER BY ctid",
                                String.class)
                        .stream())
                .toList();
    }
}
