package io.keysetsync.sink;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.TerminalException;
import io.keysetsync.database.fault.DatabaseErrors;
import io.keysetsync.parameters.KameletBean;
import io.keysetsync.parameters.TemplateParameters;
import io.keysetsync.parameters.UnknownParameters;
import io.keysetsync.record.Records;
import io.keysetsync.run.PageInFlight;
import io.keysetsync.run.RowCounts;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.lifecycle.LogLines;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Converted;
import java.sql.Savepoint;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * The Java half of the sink: {@code jdbc-upsert-sink.kamelet.yaml} holds the flow of a page, this class handles its
 * records, statements and cursor. Between the steps, everything about a page is kept in the page's exchange.
 */
public final class UpsertSink extends KameletBean {

    /** The exchange property that holds the page's {@link TablePlan}. */
    private static final String PLAN = "keysetSyncPlan";

    /** The exchange property that tells whether the exchange has the whole page. */
    private static final String IS_WHOLE = "keysetSyncIsWholePage";

    /** The exchange property that holds the page's {@link PageWrite} between the steps of the sink. */
    private static final String WRITE = "keysetSyncWrite";

    /** The exchange property that holds the savepoint before the current statement. */
    private static final String SAVEPOINT = "keysetSyncSavepoint";

    private static final int CHUNK = 100;

    private final Clock clock = Clock.systemUTC();
    private @Nullable SinkParameters parameters;
    private @Nullable StreamTable table;

    /** Reads and checks the Kamelet's parameters and the schema, when the route is created. */
    public void initialise() {
        CamelContext camel = camel();
        SinkParameters read = SinkParameters.read(camel, TemplateParameters.ofRouteBeingCreated(camel));
        UnknownParameters.check(camel);
        parameters = read;
        table = new StreamTable(read, this::store);
        StreamRegistry.of(camel).bind(read.stream(), table);
    }

    private SinkParameters parameters() {
        return Objects.requireNonNull(parameters);
    }

    SyncStore store() {
        return StreamRegistry.of(camel()).store(parameters().dataSource());
    }

    /**
     * Takes a page, or a part of one, with the records in any form in which a step of the stream may have left them.
     */
    public void take(Exchange exchange) {
        LogLines.name(parameters().stream());
        PageInFlight page = PageInFlight.of(exchange);
        exchange.setProperty(IS_WHOLE, page != null && page.take(exchange));
        exchange.removeProperty(WRITE);
        exchange.removeProperty(SAVEPOINT);
        exchange.getMessage().setBody(Records.of(exchange, parameters().stream()));
    }

    /**
     * Adds columns for fields that the schema lacks, as the first of a page's steps that asks the database. The new
     * columns are committed before the page's transaction begins to write.
     */
    public void evolve(Exchange exchange) {
        PageInFlight page = PageInFlight.of(exchange);
        List<JsonNode> records = Records.of(exchange, parameters().stream());
        exchange.setProperty(PLAN, table(page).evolve(records, page == null ? null : page.run()));
    }

    /** The table as the page's run knows it, or as it is now for a page that belongs to no run. */
    private RunTable table(@Nullable PageInFlight page) {
        String stream = parameters().stream();
        if (page != null && page.run().stream().equals(stream) && page.run().table() instanceof RunTable ofRun) {
            return ofRun;
        }
        StreamRegistry registry = StreamRegistry.of(camel());
        if (page != null || !registry.streams().contains(stream)) {
            throw new ConfigurationException("stream " + stream + ": kamelet:jdbc-upsert-sink takes its pages from"
                    + " kamelet:keyset-sync-source with the same stream");
        }
        return Objects.requireNonNull(table).prepare(registry.source(stream).plan(), false);
    }

    /** Cuts the page into chunks: an exchange for each record would take as long as the record's conversion. */
    public List<List<JsonNode>> chunks(@Body List<JsonNode> records) {
        List<List<JsonNode>> chunks = new ArrayList<>(records.size() / CHUNK + 1);
        for (int from = 0; from < records.size(); from += CHUNK) {
            chunks.add(records.subList(from, Math.min(from + CHUNK, records.size())));
        }
        return chunks;
    }

    /** Converts each record of a chunk to a typed row, or sets it aside with the reason. */
    public List<Converted> typed(@ExchangeProperty(PLAN) TablePlan plan, @Body List<JsonNode> records) {
        return records.stream().map(plan.converter()::convert).toList();
    }

    /** Collects what {@link #typed} made of the page's records. */
    public void collect(Exchange exchange) {
        TablePlan plan = plan(exchange);
        Batch rows = Batch.of(parameters().stream(), exchange.getMessage().getBody(List.class), plan.columns());
        PageInFlight page = PageInFlight.of(exchange);
        if (page != null && page.isDryRun()) {
            page.run().inspection().rows(rows.columns(), rows.rows(), rows.quarantined());
            rows = rows.part(List.of());
        }
        exchange.setProperty(WRITE, new PageWrite(rows, part -> fits(part, plan)));
    }

    /**
     * Whether the database takes the rows in one statement. A single row that is too large fails the run: its record is
     * too large for the quarantine, too.
     */
    private boolean fits(Batch rows, TablePlan plan) {
        long most = plan.maxStatement();
        boolean fits = store().database().fits(rows.columns(), rows.rows(), most);
        if (!fits && rows.rows().size() == 1) {
            throw new TerminalException("stream " + parameters().stream() + ": the record with the key "
                    + rows.rows().get(0).key() + " is larger than the " + most
                    + " bytes that the database takes in a statement; raise its max_allowed_packet");
        }
        return fits;
    }

    /**
     * Puts the next statement and its rows into the message, and a savepoint before it, so that the statement can be
     * rolled back alone. The last savepoint stays until the transaction ends: what follows commits in the same
     * transaction.
     */
    public void statement(Exchange exchange) {
        Batch rows = write(exchange).next();
        TablePlan plan = plan(exchange);
        exchange.getMessage().setBody(plan.statement(rows));
        exchange.getMessage()
                .setHeader(JdbcConstants.JDBC_PARAMETERS, rows.parameters(store().database(), clock.instant()));
        Savepoint last = exchange.getProperty(SAVEPOINT, Savepoint.class);
        exchange.setProperty(SAVEPOINT, store().savepointAfter(last));
    }

    /** Notes that the statement succeeded. */
    public void written(Exchange exchange) {
        write(exchange).written(PageStatement.changed(exchange.getMessage()));
    }

    /**
     * Rolls back a statement in which the database refused a row, so that the halves of the statement can be tried.
     *
     * @throws Exception the error itself, if it is not about a row; the error then rolls back the page
     */
    public void refused(Exchange exchange) throws Exception {
        Exception error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        boolean isRefusal = DatabaseErrors.isRefusal(error);
        if (!isRefusal && !DatabaseErrors.mayBeRefusal(error)) {
            throw error;
        }
        Savepoint before = exchange.getProperty(SAVEPOINT, Savepoint.class);
        store().rollBackTo(before);
        if (!isRefusal && !succeedsWithoutRows(exchange, before)) {
            throw error;
        }
        write(exchange).refused("the database: " + DatabaseErrors.describe(error));
    }

    /** Whether the statement succeeds without rows, so that its error is about a row; the rights on the table suffice. */
    private boolean succeedsWithoutRows(Exchange exchange, Savepoint before) {
        Batch rows = write(exchange).current();
        List<Object> none = rows.part(List.of()).parameters(store().database(), clock.instant());
        try {
            store().execute(plan(exchange).statement(rows), none);
            return true;
        } catch (DataAccessException e) {
            return false;
        } finally {
            store().rollBackTo(before);
        }
    }

    /** Advances the cursor in the transaction of the rows, as the last step of a page. */
    public void advance(Exchange exchange) {
        PageInFlight page = PageInFlight.of(exchange);
        PageWrite write = write(exchange);
        boolean isWhole = exchange.getProperty(IS_WHOLE, false, Boolean.class);
        List.of(PLAN, IS_WHOLE, WRITE, SAVEPOINT).forEach(exchange::removeProperty);
        if (page != null) {
            RowCounts rows = new RowCounts(write.upserted(), write.unchanged(), write.deleted());
            page.commit(rows, write.quarantined(), isWhole);
        } else if (!write.quarantined().isEmpty()) {
            throw new TerminalException("stream " + parameters().stream() + ": a page that belongs to no run has a"
                    + " record that can't be saved, and nowhere to set it aside; nothing of it was saved: "
                    + write.quarantined().get(0).reason());
        }
    }

    private static PageWrite write(Exchange exchange) {
        return Objects.requireNonNull(exchange.getProperty(WRITE, PageWrite.class));
    }

    private static TablePlan plan(Exchange exchange) {
        return Objects.requireNonNull(exchange.getProperty(PLAN, TablePlan.class));
    }
}
