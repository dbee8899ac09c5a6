package io.keysetsync.sync;

class PostgreSqlTypesTest extends TypesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
