package io.keysetsync.sync;

import org.junit.jupiter.api.Test;

class PostgreSqlSilentDatabaseTest extends SilentDatabaseContract {

    @Override
    TestDatabase database() {
        TestDatabase own = TestDatabase.postgreSql();
        return new TestDatabase(own.url() + "&prepareThreshold=0", own.username(), own.password()); // commits as text
    }

    @Override
    String upsert() {
        return "INSERT INTO \"t\"";
    }

    @Override
    String commit() {
        return "COMMIT\0";
    }

    @Test
    void ddlTakesLongerThanTheTimeoutIfTheDatabaseAnswers() throws Exception {
        database.jdbc()
                .execute("CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_sleep(4); END $$");
        database.jdbc()
                .execute("CREATE EVENT TRIGGER slow ON ddl_command_start WHEN TAG IN ('ALTER TABLE')"
                        + " EXECUTE FUNCTION slow()");

        continuesWith("{\"id\": \"1\", \"name\": \"b\", \"more\": \"c\", \"updatedAt\": \"2024-01-02T00:00:00Z\"}", 1);
    }
}
