package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.database.Tables;
import io.keysetsync.table.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class H2CatalogueTest extends CatalogueContract {

    private final TestDatabase h2 = TestDatabase.h2();
    private final Database database = Databases.of(h2.url());

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }

    /** H2's driver tells the columns sooner than the catalogue, but not what kind of table has them. */
    @Override
    int queriesForATable() {
        return 3;
    }

    @Test
    void findsTheColumnsOfOneTableWhoseNameIsAPatternForOthers() {
        for (String name : List.of("a_b", "axb", "a%b", "a\\b", "a\\_b")) {
            h2.jdbc().execute("CREATE TABLE " + database.quote(name) + " (" + database.quote("of " + name) + " INT)");
        }
        for (String name : List.of("a_b", "a%b", "a\\b", "a\\_b")) {
            assertThat(columns(name)).extracting(ExistingColumn::name).containsExactly("of " + name);
        }
        assertThat(columns("a?b")).isEmpty();
    }

    @Test
    void findsOfEachColumnWhatTheCatalogueSays() {
        String columns = "id INT PRIMARY KEY, n DECIMAL(12, 3) DEFAULT 5, t TIMESTAMP(6) WITH TIME ZONE NOT NULL,"
                + " c VARCHAR(20), a INT ARRAY, g INT GENERATED ALWAYS AS (id + 1)";
        h2.jdbc().execute("CREATE TABLE \"plain\" (" + columns + ")");
        h2.jdbc().execute("CREATE TABLE \"hidden\" (" + columns + ", h INT INVISIBLE)");
        TableName plain = TableName.of("plain");
        TableName hidden = TableName.of("hidden");
        assertThat(database.columns(h2.jdbc(), hidden))
                .as("told by the catalogue alone")
                .isNull();
        List<ExistingColumn> all = columns("hidden");
        assertThat(all).extracting(ExistingColumn::name).endsWith("G", "H");
        assertThat(database.columns(h2.jdbc(), plain)).isEqualTo(all.subList(0, all.size() - 1));
    }

    @Test
    void findsNoColumnsOfASynonym() {
        h2.jdbc().execute("CREATE TABLE \"base\" (id INT)");
        h2.jdbc().execute("CREATE SYNONYM \"other\" FOR \"base\"");
        assertThat(columns("other")).isEmpty();
    }

    private List<ExistingColumn> columns(String table) {
        return new Tables(database, h2.jdbc()).existing(TableName.of(table)).columns();
    }
}
