package io.keysetsync.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldPathTest {

    private static final String DOCUMENT =
            """
            {"id": 7, "empty": null, "": "unnamed", "@odata.nextLink": "next", "it's": 5, "a[0]": 6, "*": "star",
             "a": {"b": 1, "@odata.nextLink": {"b": 2}, "0": "member"},
             "items": [{"x": 1}, {"y": 2}, {"x": null}, {"x": 3}],
             "rates": {"EUR": {"n": 1}, "USD": {"n": 2}},
             "pages": [{"rows": [1, 2]}, {"rows": []}, {"rows": null}, {"rows": [3, null]}]}""";

    private static final JsonNode JSON = json(DOCUMENT);

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (Exception e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Each line: a path, its value or nothing, all its matches. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "id                          | 7               | [7]",
                "a.b                         | 1               | [1]",
                "a.c                         |                 | []",
                "id.b                        |                 | []",
                "empty                       | null            | []",
                "empty.b                     |                 | []",
                "a['@odata.nextLink'].b      | 2               | [2]",
                "a.['@odata.nextLink'].b     | 2               | [2]",
                "['@odata.nextLink']         | ~\"next\"~      | [\"next\"]",
                "@odata.nextLink             |                 | []",
                "it's                        | 5               | [5]",
                "['it''s']                   | 5               | [5]",
                "['a[0]']                    | 6               | [6]",
                "['']                        | ~\"unnamed\"~   | [\"unnamed\"]",
                "['*']                       | ~\"star\"~      | [\"star\"]",
                "items.0.x                   | 1               | [1]",
                "items.1                     | {\"y\":2}       | [{\"y\":2}]",
                "items.4                     |                 | []",
                "items.00                    |                 | []",
                "items.-1                    |                 | []",
                "items.99999999999           |                 | []",
                "items['0']                  |                 | []",
                "a.0                         | ~\"member\"~    | [\"member\"]",
                "items.*.x                   | 1               | [1,null,3]",
                "items.*.y                   | 2               | [2]",
                "items.*.z                   |                 | []",
                "rates.*.n                   | 1               | [1,2]",
                "rates.*                     | {\"n\":1}       | [{\"n\":1},{\"n\":2}]",
                "pages.*.rows.*              | 1               | [1,2,3,null]",
                "empty.*                     |                 | []",
                "absent.*                    |                 | []",
                "id.*                        |                 | []"
            })
    void pathFindsItsFirstValueAndAllOfThem(String path, String first, String all) {
        JsonNode found = FieldPath.of(path).in(JSON);

        assertThat(found.isMissingNode() ? null : found.toString()).isEqualTo(first);
        assertThat(FieldPath.of(path).all(JSON).toString().replace(", ", ",")).isEqualTo(all);
    }

    @Test
    void emptyPathIsTheDocument() {
        assertThat(FieldPath.of("").in(JSON)).isSameAs(JSON);
        assertThat(FieldPath.of("").all(JSON)).containsExactly(JSON);
        assertThat(FieldPath.of("").all(json("null"))).isEmpty();
        assertThat(FieldPath.of("*").all(json("[1, 2]")))
                .extracting(JsonNode::intValue)
                .containsExactly(1, 2);
    }

    /** Each line: a path, and a part of what is wrong with it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a..b       | empty step",
                ".a         | empty step",
                "a.         | empty step",
                ".          | empty step",
                "a[0]       | items.0",
                "a['b       | not closed",
                "a['b'      | no ] after",
                "a['it's']  | double a quote",
                "a['b']c    | needs a dot"
            })
    void whatIsNoPathIsRefusedWithTheReason(String path, String reason) {
        assertThatThrownBy(() -> FieldPath.of(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void danglingDotAfterAQuotedNameIsRefused() {
        assertThatThrownBy(() -> FieldPath.of("['a'].")).hasMessageContaining("empty step");
    }

    /** Each line: a path, its top-level field, whether it is one, the part before its first wildcard. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "id                    | id  | true  | id",
                "['a.b']               | a.b | true  | ['a.b']",
                "0                     | 0   | true  | 0",
                "a.b                   | a   | false | a.b",
                "data.edges.*.node.*   | data| false | data.edges",
                "['a.b'].*             | a.b | false | ['a.b']",
                "*                     | ~~  | false | ~~",
                "*.id                  | ~~  | false | ~~"
            })
    void pathKnowsItsTopAndWhatIsBeforeItsWildcard(String text, String top, boolean isTop, String base) {
        FieldPath path = FieldPath.of(text);

        assertThat(path.top()).isEqualTo(top);
        assertThat(path.isTop()).isEqualTo(isTop);
        assertThat(path.hasWildcard()).isEqualTo(text.contains("*"));
        assertThat(path.base()).isEqualTo(FieldPath.of(base));
        assertThat(path.base().all(JSON)).isEqualTo(FieldPath.of(base).all(JSON));
        assertThat(List.of(path)).containsExactly(FieldPath.of(text));
    }
}
