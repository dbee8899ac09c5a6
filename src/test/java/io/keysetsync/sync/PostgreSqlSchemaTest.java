package io.keysetsync.sync;

class PostgreSqlSchemaTest extends SchemaContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
