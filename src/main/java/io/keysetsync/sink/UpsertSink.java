package io.keysetsync.sink;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.source.KameletParameters;
import io.keysetsync.source.SyncRun;
import io.keysetsync.store.SyncStore;
import io.keysetsync.store.SyncStores;
import io.keysetsync.table.RecordConverter;
import io.keysetsync.table.TableSchema;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.jspecify.annotations.Nullable;

/**
 * The beans' half of the sink: {@code jdbc-upsert-sink.kamelet.yaml} holds the flow of a page, this class what a record,
 * a statement and a cursor are.
 */
public final class UpsertSink implements CamelContextAware, SyncStores.Sink {

    /** The exchange property that holds the page's rows between the steps of the sink. */
    private static final String BATCH = "keysetSyncBatch";

    private String stream = "";
    private String schema = "";
    private String dataSource = SyncStores.DEFAULT_DATA_SOURCE;
    private @Nullable CamelContext context;
    private @Nullable TableSchema table;
    private volatile @Nullable Plan plan;

    /** How this stream's records become rows of this database; known once the first run has begun. */
    private record Plan(RecordConverter converter, String upsert) {}

    public void setStream(String stream) {
        this.stream = stream;
    }

    public void setSchema(String schema) {
        this.schema = schema;
    }

    public void setDataSource(String dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return Objects.requireNonNull(context);
    }

    /** Checks the parameters and reads the schema, when the route is created. */
    public void initialise() {
        if (stream.isBlank()) {
            throw new ConfigurationException("kamelet:jdbc-upsert-sink: parameter stream needs a value");
        }
        KameletParameters.check(getCamelContext());
        table = TableSchema.load(getCamelContext(), stream, schema);
        SyncStores.of(getCamelContext()).bind(stream, this);
    }

    @Override
    public SyncStore store() {
        return SyncStores.of(getCamelContext()).store(dataSource);
    }

    @Override
    public void prepare(String cursorField) {
        TableSchema read = Objects.requireNonNull(table);
        boolean takesNul = store().database().takesNulInText();
        RecordConverter converter = new RecordConverter(read, cursorField, takesNul);
        store().tables().create(converter.table());
        plan = new Plan(converter, store().database().upsert(converter.table(), converter.guard()));
    }

    /** Takes a page, or a part that a step of the stream's own made of it. */
    public void take(Exchange exchange) {
        SyncRun run = SyncRun.of(exchange);
        if (run != null) {
            run.saving(exchange);
        }
    }

    /** A typed row of a record, or the record with the reason why it is set aside. */
    public Object typed(JsonNode record) {
        return plan().converter().convert(record);
    }

    /** Collects what {@link #typed} made of the page's records, and puts the upsert and its parameters into the message. */
    public void statement(Exchange exchange) {
        Batch batch = Batch.of(
                exchange.getMessage().getBody(List.class),
                plan().converter().table().columns());
        exchange.setProperty(BATCH, batch);
        exchange.getMessage().setBody(batch.isEmpty() ? null : plan().upsert());
        exchange.getMessage().setHeader(JdbcConstants.JDBC_PARAMETERS, batch.parameters(store().database()));
    }

    /** Advances the cursor in the transaction of the rows: the last step of a page. */
    public void advance(Exchange exchange) {
        SyncRun run = SyncRun.of(exchange);
        Batch batch = exchange.getProperty(BATCH, Batch.class);
        exchange.removeProperty(BATCH);
        if (run == null) {
            return;
        }
        int upserted = batch.isEmpty()
                ? 0
                : exchange.getMessage().getHeader(JdbcConstants.JDBC_UPDATE_COUNT, 0, Integer.class);
        run.saved(upserted, batch.received() - upserted, batch.quarantined());
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
