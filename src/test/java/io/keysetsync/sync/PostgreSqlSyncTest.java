package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import org.junit.jupiter.api.Test;

class PostgreSqlSyncTest extends SyncContract {

    private final TestDatabase own = TestDatabase.postgreSql();

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    /** PostgreSQL tells by {@code xmin} which transaction wrote a row. */
    @Test
    void rowsAndCursorOfAPageAreWrittenByOneTransaction() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(25)).pageSize(10).start();
                ShippedRoutes routes = ShippedRoutes.start(api, own)) {
            routes.sync("user");

            String lastPage = own.jdbc()
                    .queryForObject(
                            "SELECT DISTINCT xmin::text FROM \"user\" WHERE \"id\" IN ('21', '25')", String.class);
            assertThat(own.jdbc().queryForObject("SELECT xmin::text FROM keyset_sync_cursor", String.class))
                    .isEqualTo(lastPage);
            assertThat(own.jdbc().queryForList("SELECT DISTINCT xmin::text FROM \"user\""))
                    .hasSize(3);
        }
    }
}
