package io.keysetsync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/types.md has the columns that the databases get. */
class TypesPageTest {

    private static final List<Database> DATABASES = Stream.of("h2", "postgresql", "mariadb")
            .map(name -> Databases.of("jdbc:" + name + ":x"))
            .toList();

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachTypeHasItsColumnsOnThePage(Kind kind) throws IOException {
        boolean isDecimal = kind == Kind.DECIMAL;
        ColumnType type = isDecimal ? new ColumnType(kind, 10, 2) : ColumnType.of(kind);
        StringBuilder row = new StringBuilder("| `" + (isDecimal ? "DECIMAL(p,s)" : kind) + "` |");
        for (Database database : DATABASES) {
            String column = database.typeOf(type).replace("(10,2)", "(p,s)").replaceAll(" CHARACTER SET .*", "");
            row.append(" `").append(column).append("` |");
        }
        assertThat(Files.readString(Path.of("docs/types.md"))).contains(row);
    }
}
