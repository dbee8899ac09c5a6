package io.keysetsync.run;

import io.keysetsync.record.FieldPath;
import java.time.Duration;

/**
 * What is the same in every run of a stream. The fields are the source parameters of the same names.
 *
 * @param initialCursor what is sent as long as there is no cursor; empty to send none
 * @param lookback how much earlier than its cursor a run starts
 */
public record RunPlan(String stream, FieldPath cursorField, String initialCursor, Duration lookback) {}
