package io.keysetsync.run;

import io.keysetsync.record.FieldPath;
import java.time.Duration;

/**
 * The plan that is the same for every run of a stream. The fields are the source parameters of the same names.
 *
 * @param initialCursor the cursor to send while none is stored; empty to send none
 * @param lookback how much earlier than its cursor a run starts
 */
public record RunPlan(String stream, FieldPath cursorField, String initialCursor, Duration lookback) {}
