package io.keysetsync.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.Counts;
import io.keysetsync.RunStatus;
import io.keysetsync.cursor.Mark;
import io.keysetsync.http.Failure;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageRequest;
import io.keysetsync.record.Quarantined;
import io.keysetsync.run.SyncRun;
import io.keysetsync.source.SourceParameters;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Column;
import io.keysetsync.table.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run that only looks: an {@link Inspection} says what it asks for, and nothing is written. */
public final class InspectedRun extends SyncRun {

    private final SourceParameters settings;
    private final Inspection inspection;

    public InspectedRun(SourceParameters settings, SyncStore store, Mark mark, Inspection inspection) {
        super(settings, store, Integer.MAX_VALUE, mark);
        this.settings = settings;
        this.inspection = inspection;
    }

    @Override
    public void open() {
        askFor(inspection.first(settings, planned()));
    }

    @Override
    public void answered(JsonNode body) {
        inspection.answered(body);
    }

    @Override
    public ArrayNode received(Page answer) {
        super.received(answer);
        return inspection.page(answer);
    }

    @Override
    public boolean looksOnly() {
        return true;
    }

    @Override
    public boolean saves(List<Column> columns, List<Row> rows, List<Quarantined> setAside) {
        inspection.rows(columns, rows, setAside);
        return false;
    }

    @Override
    public Mark commit(@Nullable String cursor, Counts counts, List<Entry> setAside) {
        return mark();
    }

    @Override
    @Nullable
    public PageRequest next(Page saved) {
        return inspection.next();
    }

    /** Goes on after a failure, if the inspection wants to. */
    public boolean goesOnAfter(Failure failure) {
        boolean goesOn = inspection.failed(failure);
        if (goesOn) {
            askFor(inspection.next());
        }
        return goesOn;
    }

    @Override
    public void close(RunStatus status, @Nullable String error) {
        inspection.ended(status, error);
    }
}
