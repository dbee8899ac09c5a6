package io.keysetsync.run;

import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Mark;
import io.keysetsync.store.MarkOwner;
import io.keysetsync.store.StoredMark;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.TableSchema;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stream's cursor as a run finds it: whether it belongs to the stream as it is now, and to a table that still exists. */
public final class StreamCursor {

    private final String stream;
    private final SyncStore store;
    private final StreamRegistry.@Nullable Sink sink;
    private final MarkOwner owner;

    private StreamCursor(StreamRegistry registry, String stream) {
        StreamRegistry.Source source = registry.source(stream);
        this.stream = stream;
        this.store = registry.storeOf(stream);
        this.sink = registry.sinkOf(stream);
        TableSchema schema = sink == null ? null : sink.schema();
        this.owner = MarkOwner.of(
                source.url(),
                schema == null ? null : schema.name().toString(),
                schema == null ? List.of() : schema.primaryKey(),
                source.plan().cursorField().text());
    }

    /**
     * The cursor of a stream.
     *
     * @throws io.keysetsync.ConfigurationException if there is no such stream
     */
    public static StreamCursor of(StreamRegistry registry, String stream) {
        return new StreamCursor(registry, stream);
    }

    /** What the marks of the stream's runs belong to. */
    public MarkOwner owner() {
        return owner;
    }

    /**
     * Takes the mark for a run that begins. A mark whose table is missing is forgotten.
     *
     * @throws TerminalException if the mark belongs to something else
     * @throws io.keysetsync.FencedException if another run takes or moves the mark at the same time
     */
    public Mark take() {
        StoredMark stored = store.cursors().stored(stream);
        String refusal = stored.refusal(stream, owner);
        if (refusal != null) {
            throw new TerminalException(refusal);
        }
        if (stored.mark().cursor() == null) {
            return stored.mark();
        }
        if (isTableMissing()) {
            store.tableIsMissing(stream, sink.schema().name().toString());
            return store.cursors().read(stream);
        }
        return store.cursors().take(stream, stored, owner);
    }

    /** The mark with which a run would begin; writes nothing. */
    public Mark look() {
        if (!store.stateTables().exist()) {
            return new Mark(null, 0);
        }
        Mark mark = store.cursors().read(stream);
        boolean isForgotten = isTableMissing()
                && store.stateTables().areCurrent()
                && store.cursors().stored(stream).speaksOf(sink.schema().name().toString());
        return isForgotten ? new Mark(null, mark.version()) : mark;
    }

    /** Why no run can begin at the mark, in one line; empty if one can. Writes nothing. */
    public Optional<String> refusal() {
        return store.stateTables().areCurrent()
                ? Optional.ofNullable(store.cursors().stored(stream).refusal(stream, owner))
                : Optional.empty();
    }

    private boolean isTableMissing() {
        return sink != null && !sink.exists();
    }
}
