package io.keysetsync.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.RunStatus;
import io.keysetsync.SyncException;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.record.Quarantined;
import io.keysetsync.request.RequestFormat;
import io.keysetsync.table.Column;
import io.keysetsync.table.Row;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Looks at a run's pages as they pass, and may choose what is asked for. By default it does neither. */
public interface Inspection {

    /** The exchange property that holds the inspection of a run that is about to begin. */
    String PROPERTY = "keysetSyncInspection";

    /** Looks at nothing: the inspection of every run that writes. */
    Inspection NONE = new Inspection() {};

    /** The inspection that an exchange has; {@link #NONE} if it has none. */
    static Inspection of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, NONE, Inspection.class);
    }

    /** Whether the run writes nothing: no rows, no cursor, and no row in {@code keyset_sync_run}. */
    default boolean isDryRun() {
        return false;
    }

    /** Replaces the planned requests. */
    default Paging paging(Paging planned) {
        return planned;
    }

    /** Replaces how requests are written. */
    default RequestFormat requests(RequestFormat planned) {
        return planned;
    }

    /**
     * Looks at the body of an answer, also of one that is not understood.
     *
     * @param nextLink the link to the next page in the header {@code Link}; null if there is none
     */
    default void answered(JsonNode body, @Nullable String nextLink) {}

    /** Chooses which of a page's records go to the stream's steps. */
    default ArrayNode records(Page page) {
        return page.records();
    }

    /** Looks at a record that a step of the stream has set aside. */
    default void setAside(Quarantined record) {}

    /** Looks at what the sink has made of the records that came to it. */
    default void rows(List<Column> columns, List<Row> rows, List<Quarantined> setAside) {}

    /**
     * Decides what follows a request that failed.
     *
     * @param refused whether the API refused what the request asked for (rule 8)
     * @return empty to treat the failure as every run does
     */
    default Optional<Next> afterFailure(SyncException error, boolean refused) {
        return Optional.empty();
    }

    /** Looks at how the run ended. */
    default void ended(RunStatus status, @Nullable String error) {}
}
