package io.keysetsync.cursor;

import io.keysetsync.cursor.Position.TimePosition;
import java.time.Instant;

/** A way to write times, such as that of a text that an API wrote. */
interface TimeNotation {

    /**
     * Writes a time. Digits that the notation lacks are cut, so that what the text means, the position's instant, is never
     * later.
     */
    TimePosition at(Instant time);

    /** A notation in which cursors are sent, whatever notation they are read in. */
    interface Sent extends TimeNotation {

        /** The time one unit, the least that this notation can express, before a time. */
        Instant unitBefore(Instant time);
    }
}
