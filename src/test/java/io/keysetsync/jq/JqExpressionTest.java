package io.keysetsync.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.paging.PageJson;
import io.keysetsync.record.EvaluationException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JqExpressionTest {

    private static final JsonMapper JSON = new PageJson();

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "select(.n)",
                "del(.gone)",
                ".x = 1 | del(.x)",
                "with_entries(.)",
                "map_values(.)",
                "to_entries | from_entries",
                "{n, t: .t} | .t |= .",
                "[.] | first(.[]) | {n: .n} + {t: .t}",
                "tojson | fromjson",
                ". as {$n, $t} | {$n, $t}",
                "[.] | sort_by(.n) | unique | .[0]"
            })
    void valuesThatAnExpressionDoesNotChangeKeepEveryDigit(String expression) throws Exception {
        String record = "{\"n\":123456789012345678901234567890,\"t\":{\"big\":9223372036854775808,"
                + "\"exact\":9007199254740993,\"zeros\":1.500,\"long\":0.123456789012345678901234567890}}";

        assertThat(results(expression, record)).containsExactly(record);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiterString = "=>",
            value = {
                ".d + 1 => 2.5",
                ".d * 2 => 3",
                ".d / 3 => 0.5",
                ".i + 1 => 8",
                ".max + 1 => 9223372036854775807",
                ".max * 3 => 2.7670116110564327E19",
                ".max - .min => 1.8446744073709552E19",
                "[.max, .max, 1] | add => 1.8446744073709552E19",
                ".max += .max | .max => 1.8446744073709552E19",
                ".huge + 1 => 1.2345678901234568E20",
                ".d | floor => 1",
                "2.5 | floor + 0.5 => 2.5",
                "nan => null",
                "infinite => 1.7976931348623157E308",
                "[nan, (1.5 | floor), {a: (2.5 | floor)}] => [null,1,{\"a\":2}]",
            })
    void calculatesWithDoubles(String expression, String result) throws Exception {
        String record = "{\"d\":1.500,\"i\":7,\"max\":9223372036854775807,\"min\":-9223372036854775808,"
                + "\"huge\":123456789012345678901}";

        assertThat(results(expression, record)).containsExactly(result);
    }

    @Test
    void numbersInTextsKeepTheirDigits() throws Exception {
        assertThat(results("tonumber", "\" 9007199254740993\"")).containsExactly("9007199254740993");
        assertThat(results("tonumber", "\"12345678901234567890.10\"")).containsExactly("12345678901234567890.10");
        assertThat(results("fromjson", "\"{\\\"a\\\":12345678901234567890.10}\""))
                .containsExactly("{\"a\":12345678901234567890.10}");
        assertThatThrownBy(() -> results("tonumber", "\"12 pieces\""))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("string (\"12 pieces\") cannot be parsed as a number");
        assertThatThrownBy(() -> results("fromjson", "\"{\"")).isInstanceOf(EvaluationException.class);
    }

    @Test
    void recordStaysAsItIsWhateverTheExpressionMakesOfIt() throws Exception {
        JsonNode record = JSON.readTree("{\"a\":{\"b\":[1,2]},\"c\":1.50}");
        JsonNode before = record.deepCopy();
        JqExpression.compile(".a.b[0] = 5 | .a.d |= 1.0 | del(.c) | .e = (.a | floor? // 2.0)")
                .all(record);

        assertThat(record).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".a | error(\"x\")",
                "(.a | tonumber?) | error(\"x\")",
                "select(.s | test(\"s\")?) | error(\"x\")",
                ".b = (.a | tonumber?) | .c = .s + 1",
                "(try .a catch 5) | error(\"x\")",
                "first(.l[] | tonumber?) | error(\"x\")",
                "[.l[] | (tonumber?)] | .[0] | error(\"x\")",
                ".l[]? | error(\"x\")",
                "try error(\"y\") catch error(\"x\")"
            })
    void errorBehindATryIsNotSwallowed(String expression) {
        assertThatThrownBy(() -> results(expression, "{\"a\":\"5\",\"s\":\"s\",\"l\":[\"1\",\"2\"]}"))
                .isInstanceOf(EvaluationException.class);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiterString = "=>",
            value = {
                "[.l[] | tonumber?] => [1,2]",
                "[first(.l[] | tonumber?)] => [1]",
                "[limit(2; .l[], .l[] | tonumber?)] => [1,2]",
                "try ((try .a catch 1) | error(\"x\")) catch . => \"x\"",
                "[try (.l[] | if . == \"x\" then error(\"y\") else . end) catch .] => [\"1\",\"y\"]",
                "(.a | tonumber? // 0) + 1 => 1",
                "any(.l[]; tonumber? == 2) => true",
                "label $out | (.l[] | tonumber? | ., break $out) => 1",
            })
    void tryCatchesWhatItTries(String expression, String result) throws Exception {
        String record = "{\"a\":\"A\",\"l\":[\"1\",\"x\",\"2\"]}";

        assertThat(results(expression, record)).containsExactly(result);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env",
                "env.PATH",
                "$ENV",
                "$ENV.PATH",
                "input",
                "inputs",
                "input_filename",
                "debug",
                "stderr",
                "debug_scope",
                "halt",
                "get_search_list",
                "$__prog_args",
                "if .a then 1 else env.PATH end",
                "def f(g): g; f(env)",
                ".a | nosuch(1; 2)",
                "@nosuch",
                ". as [$a] | $b"
            })
    void whatDoesNotExistIsFoundBeforeTheFirstRecordAndNothingReachesTheEnvironment(String expression) {
        assertThatThrownBy(() -> JqExpression.compile(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which does not exist here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"import \"x\" as x; x::f", "include \"/etc/passwd\"; .", "import \"/etc/passwd\" as $d; $d::d"})
    void noFileIsRead(String expression) {
        assertThatThrownBy(() -> JqExpression.compile(expression).all(JSON.createObjectNode()))
                .isInstanceOfAny(IllegalArgumentException.class, EvaluationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "def f(x): x | x; f(.a)",
                "def add2($a; $b): $a + $b; add2(1; 2)",
                ". as {$a, b: [$c, $d]} | [$a, $c, $d]",
                "reduce .l[]? as $x (0; . + $x)",
                "foreach (1, 2) as $x (0; . + $x; [$x, .])",
                "\"\\(.a) and \\(.b)\"",
                "@base64 \"x\\(.a)\"",
            })
    void whatIsDefinedInTheExpressionIsFound(String expression) {
        assertThat(JqExpression.compile(expression)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {".a |", "{", "\"abc", "§", ".a b", "if .a then 1 end", "", " ", "]", ". as $x"})
    void brokenExpressionIsOneLine(String expression) {
        assertThatThrownBy(() -> JqExpression.compile(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"range(1e9)", "def f: f; f", "until(false; .)", "range(1e9)?", "def f: ., f; f"})
    void endlessExpressionFailsInsteadOfFillingTheHeap(String expression) {
        assertThatThrownBy(() -> results(expression, "{}")).isInstanceOf(EvaluationException.class);
    }

    @Test
    void threadsShareAnExpression() {
        JqExpression shared =
                JqExpression.compile("def twice(f): f * 2; . as $x | [limit(3; range(10) | twice($x))] | add");

        assertThat(IntStream.range(0, 4000)
                        .parallel()
                        .mapToObj(i -> shared.all(JSON.getNodeFactory().numberNode(i))
                                        .get(0)
                                        .intValue()
                                - 6 * i))
                .containsOnly(0);
    }

    private static List<String> results(String expression, String document) throws Exception {
        return JqExpression.compile(expression).all(JSON.readTree(document)).stream()
                .map(JsonNode::toString)
                .toList();
    }
}
