package io.keysetsync.table;

import io.keysetsync.record.Quarantined;

/** What a record became: a {@link Row}, or {@link SetAside} with a reason. */
public sealed interface Converted permits Row, Converted.SetAside {

    /** A record that can't be a row. */
    record SetAside(Quarantined quarantined) implements Converted {}
}
