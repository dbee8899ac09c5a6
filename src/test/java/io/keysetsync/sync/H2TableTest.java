package io.keysetsync.sync;

import java.util.Map;

class H2TableTest extends TableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }

    @Override
    Map<String, String> unfit() {
        return Map.ofEntries(
                Map.entry("TINYINT", "SHORT"),
                Map.entry("SMALLINT", "INT"),
                Map.entry("INTEGER ARRAY", "INT"),
                Map.entry("DECIMAL(10,2)", "DECIMAL(12,2)"),
                Map.entry("REAL", "DOUBLE"),
                Map.entry("DECFLOAT", "DOUBLE"),
                Map.entry("TIMESTAMP(3) WITH TIME ZONE", "UTC_DATETIME"),
                Map.entry("TIMESTAMP(9)", "UTC_DATETIME"),
                Map.entry("CHAR(10)", "STRING"),
                Map.entry("VARCHAR_IGNORECASE", "STRING"),
                Map.entry("ENUM('a')", "STRING"),
                Map.entry("UUID", "STRING"),
                Map.entry("BINARY(10)", "BINARY"));
    }

    @Override
    Map<String, String> fit() {
        return Map.ofEntries(
                Map.entry("BIT", "BOOLEAN"),
                Map.entry("INTEGER", "SHORT"),
                Map.entry("INT", "INT"),
                Map.entry("BIGINT", "LONG"),
                Map.entry("REAL", "FLOAT"),
                Map.entry("DOUBLE PRECISION", "DOUBLE"),
                Map.entry("VARCHAR(50)", "STRING"),
                Map.entry("JSON", "JSON"));
    }
}
