package io.keysetsync.paging;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.cursor.Position;
import io.keysetsync.record.Quarantined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One response of the API, parsed.
 *
 * @param records the records that go to the stream's steps
 * @param received how many records the response had, including those that are set aside
 * @param positions the records' cursors in the page's order, without those that may not move the cursor
 * @param ahead how many cursors are too far in the future to move the cursor (rule 5)
 * @param quarantined records without a cursor, if {@code onMissingCursor} sets them aside
 * @param token of the next page; null if there is none
 */
public record Page(
        ArrayNode records,
        int received,
        List<Position> positions,
        int ahead,
        List<Quarantined> quarantined,
        @Nullable String token) {}
