package io.keysetsync.table;

import java.util.Map;

/**
 * Says what happens to fields that the schema lacks.
 *
 * @param stream the name of the stream
 * @param policy for fields that have no column
 * @param columns of the fields that have one, by field, in the table's order
 * @param refused why fields got no column or no wider one, by field
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

    /** A policy, before any field has a column. */
    public static Drift of(String stream, Policy policy) {
        return new Drift(stream, policy, Map.of(), Map.of());
    }

    String reason(String field) {
        return refused.getOrDefault(field, "the schema has no such column");
    }

    /** Why the column of a field was not given a wider type, after a semicolon; empty if nothing kept it. */
    String whyNotWider(String field) {
        String why = refused.get(field);
        return why == null ? "" : "; " + why;
    }
}
