package io.keysetsync.scenario;

/** What a continuation token stands for, and so what a scroll sees of changes made during the scroll. */
public enum TokenKind {
    /** An exact place in the ordered result as it was at the scroll's first request. Later changes are not seen. */
    OPAQUE,

    /**
     * A number of records of the live data that have been served. Rows that move in between are skipped or served
     * twice.
     */
    OFFSET_LIVE,

    /** The last row's time; the next page begins strictly after it, so that the rest of a tie is skipped. */
    TIMESTAMP_LOSSY,

    /** The last row's time and its own number; the next page begins right after that row, in the live data. */
    KEYSET
}
