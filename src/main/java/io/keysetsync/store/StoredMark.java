package io.keysetsync.store;

import io.keysetsync.cursor.Mark;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A mark as it is stored: with what it belongs to, and who set it. */
public record StoredMark(Mark mark, MarkOwner owner, SetBy setBy) {

    static final StoredMark NONE = new StoredMark(new Mark(null, 0), MarkOwner.UNKNOWN, SetBy.HAND);

    /** Who set a mark; stored in lower case. */
    enum SetBy {
        /** A run; or an earlier version, which didn't say. */
        RUN,
        /** {@code state set} or {@code import}, or a step, and no run has used the mark yet. */
        HAND,
        /** A run, and then {@code state keep} has said that the mark is valid for the stream as it is now. */
        KEEP;

        static SetBy stored(@Nullable String text) {
            return text == null ? RUN : valueOf(text.toUpperCase(Locale.ROOT));
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why a run can't begin at this mark, in one line; null if it can. */
    public @Nullable String refusal(String stream, MarkOwner run) {
        String difference = mark.cursor() == null ? null : owner.differenceTo(run);
        return difference == null
                ? null
                : "stream " + stream + ": the cursor " + mark.cursor() + " belongs to " + difference
                        + "; if the data is the same, keep the cursor by 'keyset-sync state keep " + stream
                        + "'; else forget it by 'keyset-sync state reset " + stream
                        + "', and the next run reads everything";
    }

    /** Whether a run that begins at this mark has to take it first. */
    boolean isTakenBy(MarkOwner run) {
        return setBy == SetBy.RUN && owner.equals(run);
    }

    /** Whether the mark means nothing if the table is missing, because the rows up to the mark were in that table. */
    public boolean speaksOf(String table) {
        return mark.cursor() != null && setBy != SetBy.HAND && owner.isOf(table);
    }
}
