package io.keysetsync.paging;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.record.Field;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream's responses have records, cursors and what leads to the next page, and what follows if one is missing.
 * The fields are the source parameters of the same names.
 *
 * @param stream for messages
 * @param cursor how cursors are read
 * @param moreField null if the API has no such flag
 * @param errorField null if the API has no such field
 */
public record PageFormat(
        String stream,
        Field recordsField,
        Field cursorField,
        CursorFormat cursor,
        PagingKind paging,
        Field scrollField,
        @Nullable Flag moreField,
        @Nullable Flag errorField,
        Duration futureTolerance,
        OnMissingCursor onMissingCursor,
        OnMissingRecords onMissingRecords) {

    /** What becomes of a record whose cursor is missing, null or unreadable. */
    public enum OnMissingCursor {
        QUARANTINE,
        SAVE,
        FAIL
    }

    /** What a response without records means. */
    public enum OnMissingRecords {
        FAIL,
        EMPTY
    }
}
