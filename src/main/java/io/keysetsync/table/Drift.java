package io.keysetsync.table;

import java.util.Map;

/**
 * What becomes of fields that the schema lacks.
 *
 * @param stream whose fields they are
 * @param policy for those that have no column
 * @param columns of those that have one, by field, in the table's order
 * @param refused why others got none, by field
 */
public record Drift(String stream, Policy policy, Map<String, Column> columns, Map<String, String> refused) {

    /** The parameter {@code drift} of the sink. */
    public enum Policy {
        /** A column is added. */
        EVOLVE,
        /** The field is dropped. */
        IGNORE,
        /** The record is set aside. */
        QUARANTINE,
        /** The run fails. */
        FAIL
    }

    /** A policy, while no field has a column. */
    public static Drift of(String stream, Policy policy) {
        return new Drift(stream, policy, Map.of(), Map.of());
    }

    String reason(String field) {
        return refused.getOrDefault(field, "the schema has no such column");
    }
}
