package io.keysetsync.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.TableRows;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTableTest {

    private static final List<List<String>> PEOPLE =
            List.of(List.of("7", "Zoë", "1 Main Street\nSpringfield"), List.of("12", "李小龍", "x".repeat(200)));

    private static TextTable<List<String>> people() {
        return new TextTable<List<String>>()
                .number(List.of("id", "LONG"), row -> row.get(0))
                .text("name", row -> row.get(1))
                .text("address", row -> row.get(2));
    }

    @Test
    void showsEverythingIfNothingLimitsIt() {
        assertThat(new TextTable<List<String>>()
                        .number(List.of("id", "LONG"), row -> row.get(0))
                        .text("name", row -> row.get(1))
                        .text("note", row -> null)
                        .whole(PEOPLE))
                .isEqualTo(
                        """
                        +------+--------+------+
                        |   id | name   | note |
                        | LONG |        |      |
                        +------+--------+------+
                        |    7 | Zoë    | NULL |
                        |   12 | 李小龍 | NULL |
                        +------+--------+------+""");
        assertThat(people().whole(PEOPLE)).contains("x".repeat(200));
    }

    @Test
    void shortensTheWidestColumnOnATerminal() {
        assertThat(people().of(PEOPLE, 40))
                .isEqualTo(
                        """
                        +------+--------+----------------------+
                        |   id | name   | address              |
                        | LONG |        |                      |
                        +------+--------+----------------------+
                        |    7 | Zoë    | 1 Main Street\\nSpri… |
                        |   12 | 李小龍 | xxxxxxxxxxxxxxxxxxx… |
                        +------+--------+----------------------+""");
    }

    @Test
    void namesTheColumnsThatHaveNoRoom() {
        TextTable<String> table = new TextTable<>();
        IntStream.rangeClosed(1, 20).forEach(i -> table.text("column" + i, row -> row));

        String text = table.of(List.of("x".repeat(50)), 60);

        assertThat(text.lines()).allMatch(line -> Terminal.width(line) <= 60);
        assertThat(text).contains("column5 ").endsWith("and 15 more columns: column6, column7, column8, column9, co…");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10, 20, 41, 79, 80, 81, 300})
    void isNeverWiderThanTheTerminalUnlessThatHasNoRoomForOneColumn(int width) {
        assertThat(people().of(PEOPLE, width).lines()).allMatch(line -> Terminal.width(line) <= Math.max(width, 5));
    }

    @Test
    void noValueChangesTheTerminal() {
        assertThat(Terminal.safe("a\u001b[31m\u0007\r\n\t\u009b2J\u202eb\u2028\ud800é👩‍👧"))
                .isEqualTo("a\\u001b[31m\\u0007\\r\\n\\t\\u009b2J\\u202eb\\u2028\\ud800é👩‍👧");
    }

    @Test
    void timesHaveNoZerosAtTheirEndAndNumbersKeepTheirs() {
        TableRows rows = new TableRows(
                List.of(
                        column("at", "UTC_DATETIME"),
                        column("local", "NAIVE_DATETIME"),
                        column("sum", "DECIMAL(12,2)"),
                        column("ratio", "DOUBLE"),
                        column("bytes", "BINARY"),
                        column("json", "JSON")),
                List.of(
                        Arrays.asList(
                                "2024-01-31 10:00:00.120000+00",
                                "2024-01-31 10:00:00.000000",
                                "10.00",
                                "NaN",
                                "00ff",
                                "{\"a\": [1.50, 12345678901234567890]}"),
                        Arrays.asList("2024-01-31 10:00:10.000000+00", null, "-0.50", "1.0E308", null, "nonsense")));

        assertThat(rows.json())
                .hasToString("[{\"at\":\"2024-01-31T10:00:00.12Z\",\"local\":\"2024-01-31T10:00:00\",\"sum\":10.00,"
                        + "\"ratio\":\"NaN\",\"bytes\":\"AP8=\",\"json\":{\"a\":[1.50,12345678901234567890]}},"
                        + "{\"at\":\"2024-01-31T10:00:10Z\",\"local\":null,\"sum\":-0.50,\"ratio\":1.0E+308,"
                        + "\"bytes\":null,\"json\":\"nonsense\"}]");
        assertThat(RowTable.of(rows, false).lines())
                .contains("| 2024-01-31T10:00:10Z    | NULL                | -0.50 | 1.0E308 | NULL  | nonsense"
                        + "                            |");
    }

    private static Column column(String name, String type) {
        return new Column(name, ColumnType.parse(type).orElseThrow());
    }
}
