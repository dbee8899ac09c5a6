package io.keysetsync.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemas in the forms that docs/from-fivetran.md says are taken. The packaged StateIT runs the page's commands. */
class FromFivetranTest {

    @TempDir
    private Path temp;

    @Test
    void schemaOfThePageIsThatOfTheShippedStream() throws IOException {
        String page = Files.readString(Path.of("docs/from-fivetran.md"));
        int begin = page.indexOf("```json\n", page.indexOf("<!-- schema:")) + "```json\n".length();

        assertThat(schema(page.substring(begin, page.indexOf("```", begin))))
                .isEqualTo(load(Path.of("routes/user.schema.json")));
    }

    @Test
    void decimalsMayBeObjects() throws IOException {
        String columns = "{\"id\": \"LONG\", \"total\": {\"type\": \"DECIMAL\", \"precision\": 12, \"scale\": 2}}";

        assertThat(schema("[{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": " + columns + "}]")
                        .dataColumns())
                .containsExactly(new Column("total", new ColumnType(Kind.DECIMAL, 12, 2)));
    }

    @Test
    void otherObjectsAndSeveralTablesAreRefused() {
        assertThatThrownBy(() -> schema("[{\"table\": \"a\"}, {\"table\": \"b\"}]"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("stream user", "describes 2 tables", "its own file");
        assertThatThrownBy(() -> schema("{\"table\": \"a\", \"columns\": {\"b\": {\"type\": \"DECIMAL\"}}}"))
                .hasMessageContainingAll("column 'b'", "unknown type 'DECIMAL(,)'", "DECIMAL(p,s)");
    }

    private TableSchema schema(String json) throws IOException {
        return load(Files.writeString(temp.resolve("schema.json"), json));
    }

    private static TableSchema load(Path file) throws IOException {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            return TableSchema.load(context, "user", "file:" + file);
        }
    }
}
