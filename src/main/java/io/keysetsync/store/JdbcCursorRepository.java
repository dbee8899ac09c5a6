package io.keysetsync.store;

import io.keysetsync.FencedException;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Mark;
import io.keysetsync.cursor.Position;
import io.keysetsync.store.StoredMark.SetBy;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The cursors of all streams in one database: for each a high-water mark in {@code keyset_sync_cursor}.
 *
 * <p>As an {@link IdempotentRepository} it is the set of positions up to the mark. A key is {@code stream@cursor};
 * positions are compared by the type of the stream's cursor. As a {@link StateRepository} it maps a stream to its mark. Every method joins the
 * calling thread's transaction on the same data source, if there is one.
 *
 * <p>A run uses {@link #read} and {@link #move}, which compare and set the mark's version (rule 10).
 */
public class JdbcCursorRepository extends ServiceSupport
        implements IdempotentRepository, StateRepository<String, String> {

    private final JdbcTemplate jdbc;
    private final Supplier<Object> now;
    private final Function<String, CursorFormat> formats;

    /**
     * A repository in the table {@code keyset_sync_cursor} of a database; the table must exist.
     *
     * @param now the time as a parameter of a statement
     * @param formats how each stream's cursors are read
     */
    public JdbcCursorRepository(DataSource dataSource, Supplier<Object> now, Function<String, CursorFormat> formats) {
        this(new JdbcTemplate(dataSource), now, formats);
    }

    JdbcCursorRepository(JdbcTemplate jdbc, Supplier<Object> now, Function<String, CursorFormat> formats) {
        this.jdbc = jdbc;
        this.now = now;
        this.formats = formats;
    }

    /** The stream's mark. A stream that has none gets one without a cursor, and with version 0. */
    public Mark read(String stream) {
        List<Mark> marks = jdbc.query(
                "SELECT cursor_value, version FROM keyset_sync_cursor WHERE stream = ?",
                (row, i) -> new Mark(row.getString(1), row.getLong(2)),
                stream);
        return marks.isEmpty() ? new Mark(null, 0) : marks.get(0);
    }

    /** The stream's mark, and what it belongs to. The table must have all its columns. */
    public StoredMark stored(String stream) {
        List<StoredMark> marks = jdbc.query(
                "SELECT cursor_value, version, url, table_name, key_columns, cursor_field, set_by FROM keyset_sync_cursor"
                        + " WHERE stream = ?",
                (row, i) -> new StoredMark(
                        new Mark(row.getString(1), row.getLong(2)),
                        new MarkOwner(row.getString(3), row.getString(4), row.getString(5), row.getString(6)),
                        SetBy.stored(row.getString(7))),
                stream);
        return marks.isEmpty() ? StoredMark.NONE : marks.get(0);
    }

    /**
     * Moves the mark from {@code seen} to {@code cursor} by hand, and with it its version. It then belongs to nothing, until
     * a run takes it.
     *
     * @throws FencedException if another run moved the mark since it was {@code seen}
     */
    public Mark move(String stream, Mark seen, @Nullable String cursor) {
        return move(stream, seen, cursor, MarkOwner.UNKNOWN, SetBy.HAND);
    }

    /**
     * Moves the mark of a run.
     *
     * @param owner what the run's marks belong to
     * @throws FencedException if another run moved the mark since it was {@code seen}
     */
    public Mark move(String stream, Mark seen, @Nullable String cursor, MarkOwner owner) {
        return move(stream, seen, cursor, owner, SetBy.RUN);
    }

    /**
     * Makes sure that the mark with which a run begins belongs to the run, and that no other run takes it at the same time.
     *
     * @throws FencedException if another run moved the mark since it was {@code seen}
     */
    public Mark take(String stream, StoredMark seen, MarkOwner owner) {
        Mark mark = seen.mark();
        return seen.isTakenBy(owner) ? mark : move(stream, mark, mark.cursor(), owner);
    }

    /** Says that the mark is valid for the stream as it is now. One that no run has used yet stays as it is. */
    void keep(String stream, StoredMark seen) {
        SetBy kept = seen.setBy() == SetBy.HAND ? SetBy.HAND : SetBy.KEEP;
        move(stream, seen.mark(), seen.mark().cursor(), MarkOwner.UNKNOWN, kept);
    }

    private Mark move(String stream, Mark seen, @Nullable String cursor, MarkOwner owner, SetBy setBy) {
        int moved = jdbc.update(
                "UPDATE keyset_sync_cursor SET cursor_value = ?, version = version + 1, updated_at = ?, url = ?,"
                        + " table_name = ?, key_columns = ?, cursor_field = ?, set_by = ? WHERE stream = ? AND version = ?",
                cursor,
                now.get(),
                owner.url(),
                owner.table(),
                owner.keyColumns(),
                owner.cursorField(),
                setBy.text(),
                stream,
                seen.version());
        if (moved == 0 && !(seen.version() == 0 && insert(stream, cursor, owner, setBy))) {
            throw fenced(stream);
        }
        return new Mark(cursor, seen.version() + 1);
    }

    /**
     * Makes sure that nobody moved the mark since it was {@code seen}, without writing anything.
     *
     * @throws FencedException if somebody did
     */
    public void confirmUnmoved(String stream, Mark seen) {
        if (read(stream).version() != seen.version()) {
            throw fenced(stream);
        }
    }

    private static FencedException fenced(String stream) {
        return new FencedException("stream " + stream + ": another run of this stream moved the cursor meanwhile;"
                + " this page was rolled back and the next run continues from the cursor as it is now");
    }

    private boolean insert(String stream, @Nullable String cursor, MarkOwner owner, SetBy setBy) {
        try {
            jdbc.update(
                    "INSERT INTO keyset_sync_cursor (stream, cursor_value, version, updated_at, url, table_name,"
                            + " key_columns, cursor_field, set_by) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)",
                    stream,
                    cursor,
                    now.get(),
                    owner.url(),
                    owner.table(),
                    owner.keyColumns(),
                    owner.cursorField(),
                    setBy.text());
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    /** {@inheritDoc} True if the mark moved forward, false if it had reached the position already. */
    @Override
    public boolean add(String key) {
        Key position = parse(key);
        Mark mark = read(position.stream());
        if (isReached(position, mark)) {
            return false;
        }
        move(position.stream(), mark, position.cursor().text());
        return true;
    }

    /** {@inheritDoc} True for a position at or behind the mark. */
    @Override
    public boolean contains(String key) {
        Key position = parse(key);
        return isReached(position, read(position.stream()));
    }

    private boolean isReached(Key position, Mark mark) {
        return mark.cursor() != null
                && !Position.isAfter(
                        position.cursor(), positionOf(position.stream(), mark, formats.apply(position.stream())));
    }

    /** {@inheritDoc} Forgets the stream's mark; the position doesn't matter. */
    @Override
    public boolean remove(String key) {
        String stream = parse(key).stream();
        Mark mark = read(stream);
        if (mark.cursor() == null) {
            return false;
        }
        move(stream, mark, null);
        return true;
    }

    /** {@inheritDoc} Positions are final as soon as they are added. */
    @Override
    public boolean confirm(String key) {
        return true;
    }

    /** {@inheritDoc} Forgets the marks of all streams. */
    @Override
    public void clear() {
        jdbc.update("UPDATE keyset_sync_cursor SET cursor_value = NULL, version = version + 1");
    }

    /** {@inheritDoc} The mark itself as the API wrote it, or null. */
    @Override
    public @Nullable String getState(String stream) {
        return read(stream).cursor();
    }

    /** {@inheritDoc} Moves the mark, forward or back. This fences a run under way. */
    @Override
    public void setState(String stream, String cursor) {
        move(stream, read(stream), readable(stream, cursor).text());
    }

    /** The position of a stored mark, or null if the mark has no cursor. */
    public static @Nullable Position positionOf(String stream, Mark mark, CursorFormat format) {
        if (mark.cursor() == null) {
            return null;
        }
        Position position = format.parse(mark.cursor());
        if (position == null) {
            throw new TerminalException("stream " + stream + ": the stored cursor '" + mark.cursor() + "' "
                    + format.problem(mark.cursor()) + "; set or reset it with 'keyset-sync state'");
        }
        return position;
    }

    /** The last {@code @} ends the stream; but a cursor that is a text may have one itself, and no stream's name has. */
    private Key parse(String key) {
        int at = key.indexOf('@');
        if (at > 0 && formats.apply(key.substring(0, at)).type() != CursorType.TEXT) {
            at = key.lastIndexOf('@');
        }
        if (at < 1) {
            throw new IllegalArgumentException("key '" + key + "' is not of the form stream@cursor");
        }
        String stream = key.substring(0, at);
        return new Key(stream, readable(stream, key.substring(at + 1)));
    }

    private Position readable(String stream, String cursor) {
        CursorFormat format = formats.apply(stream);
        Position position = format.parse(cursor);
        if (position == null) {
            throw new IllegalArgumentException(
                    "stream " + stream + ": cursor '" + cursor + "' " + format.problem(cursor));
        }
        return position;
    }

    private record Key(String stream, Position cursor) {}
}
