package io.keysetsync.sync;

import java.util.stream.Collectors;
import java.util.stream.Stream;

class H2RefusedChangesTest extends RefusedChangesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }

    @Override
    int mostColumns() {
        return 16384;
    }

    @Override
    void addIntegers(Stream<String> names) {
        database.jdbc()
                .execute("ALTER TABLE \"t\" ADD ("
                        + names.map(name -> "\"" + name + "\" INT").collect(Collectors.joining(", ")) + ")");
    }

    @Override
    void pin(String column) {
        database.jdbc().execute("ALTER TABLE \"t\" ADD CHECK (\"" + column + "\" = TRUE)");
    }
}
