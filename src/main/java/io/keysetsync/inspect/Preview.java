package io.keysetsync.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.RunStatus;
import io.keysetsync.cursor.Progress;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.record.Quarantined;
import io.keysetsync.request.PageRequest;
import io.keysetsync.table.Column;
import io.keysetsync.table.Row;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The first page of a stream's next run, as typed rows; nothing is written. */
public final class Preview extends DryRun {

    private final @Nullable String since;
    private final List<Row> rows = new ArrayList<>();
    private final List<Quarantined> quarantined = new ArrayList<>();
    private List<Column> columns = List.of();
    private int received;
    private @Nullable String error;

    private Preview(@Nullable String since) {
        this.since = since;
    }

    /**
     * Asks for the first page.
     *
     * @param since the cursor to ask since; null for the one that the next run would send
     * @throws io.keysetsync.ConfigurationException if there is no such stream
     */
    public static Preview of(CamelContext context, String stream, @Nullable String since) throws Exception {
        Preview preview = new Preview(since);
        preview.inspect(context, stream);
        return preview;
    }

    /** The columns of the stream's table; none if the stream has another sink than {@code kamelet:jdbc-upsert-sink}. */
    public List<Column> columns() {
        return columns;
    }

    /** The records that the stream's steps have let through, as rows, one per key. */
    public List<Row> rows() {
        return rows;
    }

    /** The records that would be set aside, and why. */
    public List<Quarantined> quarantined() {
        return quarantined;
    }

    /** How many records the page has. */
    public int received() {
        return received;
    }

    /** Why there is no page; null if there is one. */
    public @Nullable String error() {
        return error;
    }

    @Override
    public Paging paging(Paging planned) {
        return new Paging() {
            @Override
            public PageRequest first(@Nullable String cursor, @Nullable String until) {
                return planned.first(since == null ? cursor : since, until);
            }

            @Override
            public boolean isLast(Page page) {
                return true;
            }

            @Override
            public Next after(Page page, Progress progress) {
                return new Next.End();
            }
        };
    }

    @Override
    public ArrayNode records(Page page) {
        received = page.recordCount();
        quarantined.addAll(page.quarantined());
        return page.records();
    }

    @Override
    public void setAside(Quarantined record) {
        quarantined.add(record);
    }

    @Override
    public void rows(List<Column> table, List<Row> some, List<Quarantined> setAside) {
        columns = table;
        rows.addAll(some);
        quarantined.addAll(setAside);
    }

    @Override
    public void ended(RunStatus status, @Nullable String why) {
        error = why;
    }
}
