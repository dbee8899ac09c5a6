package io.keysetsync.paging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.cursor.Position;
import io.keysetsync.record.Quarantined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One response of the API, parsed.
 *
 * @param records the records that go to the stream's steps
 * @param received how many elements the response had, including those that are null or set aside
 * @param positions the records' cursors in the page's order, without those that may not move the cursor
 * @param ahead how many cursors are too far in the future to move the cursor (rule 5)
 * @param quarantined records without a cursor, if {@code onMissingCursor} sets them aside
 * @param token what leads to the next page: a token, a URL, or a value of the last record; null if there is none
 * @param more whether a flag of the response says that there is a further page; null if it says nothing
 * @param digest of all records as they arrived, to recognise the page if it comes again
 */
public record Page(
        ArrayNode records,
        int received,
        List<Position> positions,
        int ahead,
        List<Quarantined> quarantined,
        @Nullable JsonNode token,
        @Nullable Boolean more,
        long digest) {

    /** A page without records, and without anything that leads to a next one. */
    public static Page empty() {
        return new Page(JsonNodeFactory.instance.arrayNode(), 0, List.of(), 0, List.of(), null, null, 0);
    }

    /** How many records the response had, including those that are set aside. */
    public int recordCount() {
        return records.size() + quarantined.size();
    }
}
