package io.keysetsync.run;

/**
 * What a sink did with records.
 *
 * @param upserted rows that are new or have changed
 * @param unchanged records whose row was already equal or newer
 * @param deleted rows that were removed, or flagged as deleted
 */
public record RowCounts(long upserted, long unchanged, long deleted) {}
