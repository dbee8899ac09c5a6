package io.keysetsync.database;

/** A right that the program needs on a table. */
public enum Right {
    /** To create the table if it is missing. */
    CREATE,
    SELECT,
    INSERT,
    UPDATE,
    DELETE
}
