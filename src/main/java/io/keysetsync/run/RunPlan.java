package io.keysetsync.run;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Lookback;
import io.keysetsync.record.FieldPath;

/**
 * The plan that is the same for every run of a stream. The fields are the source parameters of the same names.
 *
 * @param initialCursor the cursor to send while none is stored; empty to send none
 * @param lookback how much earlier than its cursor a run starts
 */
public record RunPlan(
        String stream, FieldPath cursorField, CursorFormat format, String initialCursor, Lookback lookback) {}
