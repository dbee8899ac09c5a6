package io.keysetsync.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.cursor.Mark;
import io.keysetsync.store.Counts;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.RunStatus;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Column;
import io.keysetsync.table.Quarantined;
import io.keysetsync.table.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run that only looks: an {@link Inspection} says what it asks for, and nothing is written. */
final class InspectedRun extends SyncRun {

    private final SourceSettings settings;
    private final Inspection inspection;

    InspectedRun(SourceSettings settings, SyncStore store, Mark mark, Inspection inspection) {
        super(settings, store, Integer.MAX_VALUE, mark);
        this.settings = settings;
        this.inspection = inspection;
    }

    @Override
    void open() {
        askFor(inspection.first(settings, planned()));
    }

    @Override
    void answered(JsonNode body) {
        inspection.answered(body);
    }

    @Override
    ArrayNode received(Page answer) {
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
    Mark commit(@Nullable String cursor, Counts counts, List<Entry> setAside) {
        return mark();
    }

    @Override
    @Nullable
    Request next(Page saved) {
        return inspection.next();
    }

    /** Goes on after a failure, if the inspection wants to. */
    boolean goesOnAfter(Failure failure) {
        boolean goesOn = inspection.failed(failure);
        if (goesOn) {
            askFor(inspection.next());
        }
        return goesOn;
    }

    @Override
    void close(RunStatus status, @Nullable String error) {
        inspection.ended(status, error);
    }
}
