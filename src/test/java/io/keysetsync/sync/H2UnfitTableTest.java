package io.keysetsync.sync;

import java.util.Map;

class H2UnfitTableTest extends UnfitTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }

    @Override
    String time() {
        return "TIMESTAMP(6) WITH TIME ZONE";
    }

    @Override
    Map<String, String> generated() {
        return Map.of(
                "computed", "INT GENERATED ALWAYS AS (\"m\" * 2)", "identity", "INT GENERATED ALWAYS AS IDENTITY");
    }
}
