package io.keysetsync.sink;

import io.keysetsync.ConfigurationException;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.table.ColumnNaming;
import io.keysetsync.table.Deletions;
import io.keysetsync.table.Drift;
import io.keysetsync.table.TableSchema;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * A stream's sink parameters, validated. They are documented where they are defined, in
 * {@code jdbc-upsert-sink.kamelet.yaml}.
 *
 * @param deletions which records are deletions; null if the stream has none
 */
record SinkParameters(
        String stream,
        TableSchema schema,
        String dataSource,
        int maxQuarantined,
        Drift.Policy drift,
        int maxColumns,
        @Nullable Deletions deletions,
        ColumnNaming columnNames,
        String syncedAtColumn) {

    /**
     * Reads and checks the parameters, and the schema that they name.
     *
     * @throws ConfigurationException naming the first value that can't be used
     */
    static SinkParameters read(CamelContext context, Map<String, Object> values) {
        Object name = values.get("stream");
        if (name == null || name.toString().isBlank()) {
            throw new ConfigurationException("kamelet:jdbc-upsert-sink: parameter stream needs a value");
        }
        Parameters parameters = new Parameters(name.toString(), values);
        Deletions.Mode mode = parameters.choice("deleteMode", Deletions.Mode.class);
        String deletedField = parameters.text("deletedField");
        String stream = parameters.stream();
        String schema = parameters.required("schema");
        ColumnNaming columnNames = parameters.choice("columnNames", ColumnNaming.class);
        SinkParameters read = new SinkParameters(
                stream,
                named(TableSchema.load(context, stream, schema), parameters, columnNames),
                parameters.required("dataSource"),
                parameters.number("maxQuarantined", 0),
                parameters.choice("drift", Drift.Policy.class),
                parameters.number("maxColumns", 1),
                deletedField.isEmpty() ? null : deletions(parameters, mode),
                columnNames,
                parameters.text("syncedAtColumn"));
        if (read.deletions != null && mode == Deletions.Mode.SOFT) {
            read.checkIsFree(schema, Deletions.COLUMN, "marks deleted rows; rename it, or set deleteMode to hard");
        }
        read.checkIsFree(
                schema,
                read.syncedAtColumn,
                "is named by syncedAtColumn for the time of the write; rename one of them");
        return read;
    }

    private static TableSchema named(TableSchema schema, Parameters parameters, ColumnNaming naming) {
        try {
            return schema.named(naming);
        } catch (IllegalArgumentException e) {
            throw parameters.wrong("columnNames", e.getMessage() + "; rename one of them, or set it to same");
        }
    }

    private static Deletions deletions(Parameters parameters, Deletions.Mode mode) {
        try {
            return Deletions.of(parameters.text("deletedField"), mode);
        } catch (IllegalArgumentException e) {
            throw parameters.wrong("deletedField", e.getMessage());
        }
    }

    private void checkIsFree(String file, String column, String use) {
        if (!column.isEmpty() && schema.column(column) != null) {
            throw new ConfigurationException(
                    "stream " + stream + ": schema '" + file + "' has a column '" + column + "', which " + use);
        }
    }

    boolean deletesRows() {
        return deletions != null && Objects.equals(deletions.mode(), Deletions.Mode.HARD);
    }
}
