package io.keysetsync.run;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Lookback;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.cursor.Step;
import io.keysetsync.record.Field;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The plan that is the same for every run of a stream. The fields are the source parameters of the same names.
 *
 * @param format how cursors are read, compared and sent
 * @param initialCursor the cursor to send while none is stored; empty to send none
 * @param lookback how much earlier than its cursor a run starts
 * @param step the length of the windows in which the time since the cursor is asked for; null to ask for all at once
 * @param parallelWindows how many windows are asked for at the same time
 * @param retention how far back the API remembers; null if it remembers everything
 * @param reanchors whether a run asks again since each page's cursor
 */
public record RunPlan(
        String stream,
        Field cursorField,
        CursorFormat format,
        String initialCursor,
        Lookback lookback,
        @Nullable Step step,
        int parallelWindows,
        @Nullable Duration retention,
        boolean reanchors) {

    /** How long ago a stored cursor was; null if there is none, or if it is no time. It grows on a quiet stream. */
    public @Nullable Duration lag(@Nullable String cursor, Instant now) {
        boolean isTime = cursor != null && format.type() == CursorType.TIME;
        return isTime && format.parse(cursor) instanceof TimePosition time
                ? Duration.between(time.instant(), now)
                : null;
    }
}
