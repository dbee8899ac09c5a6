package io.keysetsync.store;

import java.util.Locale;

/** What a row of {@code keyset_sync_run} tells of. */
public enum RunKind {

    /** A run that asked the API for what changed since the cursor. Rows of versions without this column count as such. */
    SYNC,

    /** A retry of quarantined records, which asks the API for nothing and leaves the cursor alone. */
    RETRY,

    /** A change of the cursor other than by a page, without a request. */
    STATE;

    /** As stored. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
