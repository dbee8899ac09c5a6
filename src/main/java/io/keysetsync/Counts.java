package io.keysetsync;

import java.util.function.ObjLongConsumer;

/**
 * What a run, or a page of it, has done.
 *
 * @param records received from the API
 * @param upserted rows that are new or have changed
 * @param unchanged records whose row was already equal or newer
 * @param deleted rows that were removed, or flagged as deleted
 */
public record Counts(long pages, long records, long upserted, long unchanged, long deleted, long quarantined) {

    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    public Counts plus(Counts more) {
        return new Counts(
                pages + more.pages,
                records + more.records,
                upserted + more.upserted,
                unchanged + more.unchanged,
                deleted + more.deleted,
                quarantined + more.quarantined);
    }

    /** Hands over each count with its name, as columns of {@code keyset_sync_run} and fields have it. */
    public void forEach(ObjLongConsumer<String> each) {
        each.accept("pages", pages);
        each.accept("records", records);
        each.accept("upserted", upserted);
        each.accept("unchanged", unchanged);
        each.accept("deleted", deleted);
        each.accept("quarantined", quarantined);
    }
}
