package io.keysetsync.bench;

import javax.sql.DataSource;

/** A way to get all records into a table. */
interface Contender {

    String name();

    /** Whether it works on the database of that name. */
    default boolean worksOn(String database) {
        return true;
    }

    /** Whether the others are compared to it. */
    default boolean isMeasure() {
        return false;
    }

    /** Makes ready for a new database. */
    Session open(DataSource database) throws Exception;

    /** A contender at work in one database. */
    interface Session extends AutoCloseable {

        /** Saves all records, from the first on, whether they are there already or not. */
        Timing sync() throws Exception;

        @Override
        void close();
    }

    /**
     * How long it took.
     *
     * @param firstCommit from the beginning to the first committed page
     * @param total from the beginning to the last
     */
    record Timing(long firstCommit, long total) {}
}
