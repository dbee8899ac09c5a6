package io.keysetsync.sync;

import java.util.Set;

class MariaDbFieldNamesTest extends FieldNamesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    @Override
    Set<String> impossible() {
        return Set.of(
                "",
                " ",
                " before",
                "after ",
                "\nbefore",
                "\tbefore",
                "after\t",
                "\u0001before",
                "after\u007f",
                "x".repeat(65),
                "\ud83d\ude00",
                "DB_ROW_ID",
                "db_row_id",
                "DB_TRX_ID",
                "DB_ROLL_PTR",
                "FTS_DOC_ID");
    }
}
