package io.keysetsync.sink;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.TerminalException;
import io.keysetsync.database.Database;
import io.keysetsync.database.DatabaseErrors;
import io.keysetsync.database.ExistingTable;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.parameters.UnknownParameters;
import io.keysetsync.record.FieldPath;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.SyncRun;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Deletions;
import io.keysetsync.table.Drift;
import io.keysetsync.table.RecordConverter;
import io.keysetsync.table.TableSchema;
import java.sql.Savepoint;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.apache.camel.support.ObjectHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beans' half of the sink: {@code jdbc-upsert-sink.kamelet.yaml} holds the flow of a page, this class what a record,
 * a statement and a cursor are.
 */
public final class UpsertSink implements CamelContextAware, StreamRegistry.Sink {

    private static final Logger LOG = LoggerFactory.getLogger("io.keysetsync.run");

    /** The exchange property that holds what is to be written between the steps of the sink. */
    private static final String WRITE = "keysetSyncWrite";

    /** The exchange property that holds the savepoint before the current statement. */
    private static final String SAVEPOINT = "keysetSyncSavepoint";

    private final Clock clock = Clock.systemUTC();
    private String stream = "";
    private String schema = "";
    private String dataSource = StreamRegistry.DEFAULT_DATA_SOURCE;
    private String maxQuarantined = "";
    private String deletedField = "";
    private String deleteMode = "";
    private String syncedAtColumn = "";
    private int mostQuarantined;
    private String drift = "evolve";
    private String maxColumns = "200";
    private Drift.Policy driftPolicy = Drift.Policy.EVOLVE;
    private int columnLimit;
    private @Nullable Deletions deletions;
    private @Nullable CamelContext context;
    private @Nullable TableSchema table;
    private volatile @Nullable Plan plan;

    /** How this stream's records become rows of this database; known once the first run has begun. */
    private record Plan(
            RecordConverter converter,
            String upsert,
            String deletion,
            long maxStatement,
            @Nullable Evolution evolution) {}

    public void setStream(String stream) {
        this.stream = stream;
    }

    public void setSchema(String schema) {
        this.schema = schema;
    }

    public void setDataSource(String dataSource) {
        this.dataSource = dataSource;
    }

    public void setMaxQuarantined(String maxQuarantined) {
        this.maxQuarantined = maxQuarantined;
    }

    public void setDrift(String drift) {
        this.drift = drift;
    }

    public void setMaxColumns(String maxColumns) {
        this.maxColumns = maxColumns;
    }

    public void setDeletedField(String deletedField) {
        this.deletedField = deletedField;
    }

    public void setDeleteMode(String deleteMode) {
        this.deleteMode = deleteMode;
    }

    public void setSyncedAtColumn(String syncedAtColumn) {
        this.syncedAtColumn = syncedAtColumn;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    /** Null until it is set: Spring's injector looks before it sets it. */
    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    /** Checks the parameters and reads the schema, when the route is created. */
    public void initialise() {
        if (stream.isBlank()) {
            throw new ConfigurationException("kamelet:jdbc-upsert-sink: parameter stream needs a value");
        }
        UnknownParameters.check(getCamelContext());
        Parameters settings = new Parameters(
                stream,
                Map.of(
                        "maxQuarantined", maxQuarantined,
                        "drift", drift,
                        "maxColumns", maxColumns,
                        "deleteMode", deleteMode));
        mostQuarantined = settings.number("maxQuarantined", 0);
        driftPolicy = settings.choice("drift", Drift.Policy.class);
        columnLimit = settings.number("maxColumns", 1);
        Deletions.Mode mode = settings.choice("deleteMode", Deletions.Mode.class);
        deletions = deletedField.isEmpty() ? null : new Deletions(FieldPath.of(deletedField), mode);
        TableSchema read = TableSchema.load(getCamelContext(), stream, schema);
        if (deletions != null && mode == Deletions.Mode.SOFT) {
            checkIsFree(read, Deletions.COLUMN, "is the mark of deletions; rename it, or set deleteMode to hard");
        }
        checkIsFree(read, syncedAtColumn, "is named by syncedAtColumn for the time of the write; rename one of them");
        table = read;
        StreamRegistry.of(getCamelContext()).bind(stream, this);
    }

    private void checkIsFree(TableSchema read, String column, String use) {
        if (read.column(column) != null) {
            throw new ConfigurationException(
                    "stream " + stream + ": schema '" + schema + "' has a column '" + column + "', which " + use);
        }
    }

    @Override
    public SyncStore store() {
        return StreamRegistry.of(getCamelContext()).store(dataSource);
    }

    @Override
    public void check() {
        store().tables().check(schema(), stream);
    }

    @Override
    public void prepare(String cursorField) {
        RecordConverter converter = new RecordConverter(schema(), cursorField, deletions, syncedAtColumn);
        plan = plan(converter, store().tables().create(schema(), converter.table(), stream));
    }

    @Override
    public void inspect(String cursorField) {
        RecordConverter converter = new RecordConverter(schema(), cursorField, deletions, syncedAtColumn);
        plan = plan(converter, store().tables().existing(schema().table()));
    }

    private Plan plan(RecordConverter converter, ExistingTable existing) {
        if (driftPolicy == Drift.Policy.EVOLVE) {
            Evolution evolution =
                    new Evolution(stream, store(), converter.table(), existing, converter::knows, columnLimit);
            return plan(converter, evolution);
        }
        return plan(converter, existing, Drift.of(stream, driftPolicy), null);
    }

    private Plan plan(RecordConverter converter, Evolution evolution) {
        return plan(converter, evolution.existing(), evolution.drift(), evolution);
    }

    private Plan plan(RecordConverter converter, ExistingTable existing, Drift fields, @Nullable Evolution evolution) {
        Database database = store().database();
        RecordConverter fitted = converter.within(database.limits(existing), fields);
        TableSchema whole = fitted.table();
        boolean hard = deletions != null && deletions.mode() == Deletions.Mode.HARD;
        return new Plan(
                fitted,
                database.upsert(whole, fitted.guard()),
                hard ? database.delete(whole, fitted.guard()) : database.mark(whole, fitted.guard()),
                store().tables().maxStatement(),
                evolution);
    }

    @Override
    public String table() {
        boolean exists = store().tables().existing(schema().table()).exists();
        return "'" + schema().table() + "' " + (exists ? "is there and fits the schema" : "would be created");
    }

    private TableSchema schema() {
        return Objects.requireNonNull(table);
    }

    @Override
    public int maxQuarantined() {
        return mostQuarantined;
    }

    /** Takes a page, or a part that a step of the stream's own made of it. */
    public void take(Exchange exchange) {
        SyncRun run = SyncRun.of(exchange);
        if (run != null) {
            run.saving(exchange);
        }
    }

    /**
     * Gives fields that the schema lacks their columns; the first of a page's steps that asks the database. What it
     * changes is committed before the page's own transaction has begun to write.
     */
    public void evolve(Exchange exchange) {
        Plan current = plan();
        Evolution evolution = current.evolution();
        SyncRun run = SyncRun.of(exchange);
        if (evolution == null || run == null) {
            return;
        }
        Iterable<?> records = ObjectHelper.createIterable(exchange.getMessage().getBody());
        if (run.looksOnly()) {
            evolution.imagine(records);
            plan = plan(current.converter(), evolution);
            return;
        }
        List<Evolution.Change> changes = evolution.follow(records, changed -> run.schemaChanges(lines(changed)));
        if (!changes.isEmpty() || !evolution.drift().equals(current.converter().drift())) {
            run.schemaChanged(lines(changes));
            lines(changes).forEach(line -> LOG.info("{}: {}", stream, line));
            plan = plan(current.converter(), evolution);
        }
    }

    private static List<String> lines(List<Evolution.Change> changes) {
        return changes.stream().map(change -> Errors.oneLine(change.toString())).toList();
    }

    /** A typed row of a record, or the record with the reason why it is set aside. */
    public Object typed(JsonNode record) {
        return plan().converter().convert(record);
    }

    /** Collects what {@link #typed} made of the page's records. */
    public void collect(Exchange exchange) {
        Batch page = Batch.of(
                exchange.getMessage().getBody(List.class),
                plan().converter().table().columns());
        SyncRun run = SyncRun.of(exchange);
        boolean saves = run == null || run.saves(page.columns(), page.rows(), page.quarantined());
        exchange.setProperty(WRITE, new PageWrite(saves ? page : page.part(List.of()), this::fits));
        exchange.removeProperty(SAVEPOINT);
    }

    /** Whether the database takes rows in one statement. A single row that it doesn't take can't be set aside, either. */
    private boolean fits(Batch rows) {
        long most = plan().maxStatement();
        boolean fits = store().database().fits(rows.columns(), rows.rows(), most);
        if (!fits && rows.rows().size() == 1) {
            throw new TerminalException("stream " + stream + ": the record with the key "
                    + rows.rows().get(0).key() + " is larger than the " + most
                    + " bytes that the database takes in a statement; raise its max_allowed_packet");
        }
        return fits;
    }

    /**
     * Puts the next statement and its rows into the message, and a savepoint before it, so that it can be taken back
     * alone. The last one stays until the transaction ends: what follows belongs to it as well.
     */
    public void statement(Exchange exchange) {
        Batch rows = write(exchange).next();
        exchange.getMessage().setBody(rows.isOfDeletions() ? plan().deletion() : plan().upsert());
        exchange.getMessage()
                .setHeader(JdbcConstants.JDBC_PARAMETERS, rows.parameters(store().database(), clock.instant()));
        Savepoint last = exchange.getProperty(SAVEPOINT, Savepoint.class);
        exchange.setProperty(SAVEPOINT, store().savepointAfter(last));
    }

    /** The statement went through. */
    public void written(Exchange exchange) {
        write(exchange).written(PageStatement.changed(exchange.getMessage()));
    }

    /**
     * Takes back a statement in which the database refused a row, so that its parts can be tried.
     *
     * @throws Exception the error itself, where it is about anything else than a row: it rolls the page back
     */
    public void refused(Exchange exchange) throws Exception {
        Exception error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (!DatabaseErrors.isRefusal(error)) {
            throw error;
        }
        store().rollBackTo(exchange.getProperty(SAVEPOINT, Savepoint.class));
        write(exchange).refused("the database: " + DatabaseErrors.describe(error));
    }

    /** Advances the cursor in the transaction of the rows: the last step of a page. */
    public void advance(Exchange exchange) {
        SyncRun run = SyncRun.of(exchange);
        PageWrite write = write(exchange);
        exchange.removeProperty(WRITE);
        exchange.removeProperty(SAVEPOINT);
        if (run != null) {
            run.saved(write.upserted(), write.unchanged(), write.deleted(), write.quarantined());
        } else if (!write.quarantined().isEmpty()) {
            throw new TerminalException(
                    "stream " + stream + ": a page that belongs to no run has a record that can't be"
                            + " saved, and nowhere to set it aside; nothing of it was saved: "
                            + write.quarantined().get(0).reason());
        }
    }

    private static PageWrite write(Exchange exchange) {
        return Objects.requireNonNull(exchange.getProperty(WRITE, PageWrite.class));
    }

    private Plan plan() {
        Plan known = plan;
        if (known == null) {
            throw new ConfigurationException("stream " + stream + ": kamelet:jdbc-upsert-sink takes its pages from"
                    + " kamelet:keyset-sync-source with the same stream");
        }
        return known;
    }
}
