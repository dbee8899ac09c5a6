package io.keysetsync.paging;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.record.FieldPath;
import java.time.Duration;

/**
 * Paths of the records, cursors and tokens in a stream's responses, and what follows if one is missing. The fields are
 * the source parameters of the same names.
 *
 * @param stream for messages
 * @param cursor how cursors are read
 */
public record PageFormat(
        String stream,
        FieldPath recordsField,
        FieldPath cursorField,
        CursorFormat cursor,
        FieldPath scrollField,
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
