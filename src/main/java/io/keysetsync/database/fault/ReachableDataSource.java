package io.keysetsync.database.fault;

import javax.sql.DataSource;

/** A data source that can tell a database that works for long from one that has become silent. */
public interface ReachableDataSource extends DataSource {

    /** Whether the database answers a new connection. */
    boolean answers();
}
