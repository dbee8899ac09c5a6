package io.keysetsync.paging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.RetryableException;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.paging.PageFormat.OnMissingCursor;
import io.keysetsync.paging.PageFormat.OnMissingRecords;
import io.keysetsync.record.Quarantined;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a response into a {@link Page}. A response that can't be understood never means "no more records" (rule 9). */
public final class PageReader {

    private final PageFormat format;

    public PageReader(PageFormat format) {
        this.format = format;
    }

    /**
     * Reads a response.
     *
     * @param now the current time, to recognise cursors in the future
     * @throws RetryableException if the response can't be understood
     * @throws TerminalException if a record has no cursor and {@code onMissingCursor} is {@code fail}
     */
    public Page read(@Nullable JsonNode response, Instant now) {
        if (response == null || response.isMissingNode()) {
            throw notUnderstood("is empty");
        }
        ArrayNode records = records(response);
        return sorted(records, token(response), now);
    }

    /** Makes a page of these records, without those that have no cursor, if such records are to be set aside. */
    public Page sorted(ArrayNode records, @Nullable String token, Instant now) {
        List<Position> positions = new ArrayList<>(records.size());
        List<JsonNode> kept = new ArrayList<>(records.size());
        List<Quarantined> quarantined = new ArrayList<>();
        Instant latest = now.plus(format.futureTolerance());
        int ahead = 0;
        for (JsonNode record : records) {
            Position position = format.cursor().read(format.cursorField().in(record));
            if (position == null && format.onMissingCursor() != OnMissingCursor.SAVE) {
                quarantined.add(withoutCursor(record));
                continue;
            }
            kept.add(record);
            if (position instanceof TimePosition time && time.instant().isAfter(latest)) {
                ahead++;
            } else if (position != null) {
                positions.add(position);
            }
        }
        ArrayNode passed = quarantined.isEmpty()
                ? records
                : JsonNodeFactory.instance.arrayNode(kept.size()).addAll(kept);
        return new Page(passed, records.size(), positions, ahead, quarantined, token);
    }

    private ArrayNode records(JsonNode response) {
        JsonNode records = format.recordsField().in(response);
        if (records instanceof ArrayNode array) {
            return array;
        }
        boolean allowed = (records.isNull() && !response.isNull())
                || (records.isMissingNode() && format.onMissingRecords() == OnMissingRecords.EMPTY);
        if (!allowed) {
            throw notUnderstood(
                    records.isMissingNode()
                            ? "has no '" + format.recordsField().dotted() + "'"
                            : "has no array in '" + format.recordsField().dotted() + "'");
        }
        return JsonNodeFactory.instance.arrayNode();
    }

    private @Nullable String token(JsonNode response) {
        JsonNode token = format.scrollField().in(response);
        if (token.isTextual() || token.isNumber()) {
            return token.asText().isEmpty() ? null : token.asText();
        }
        if (token.isNull() || token.isMissingNode()) {
            return null;
        }
        throw notUnderstood("has no token in '" + format.scrollField().dotted() + "' but " + token.getNodeType());
    }

    private Quarantined withoutCursor(JsonNode record) {
        JsonNode value = format.cursorField().in(record);
        String reason = "field " + format.cursorField().dotted() + ": the cursor is "
                + (value.isMissingNode()
                        ? "missing"
                        : value.isNull() ? "null" : format.cursor().problem(value));
        if (format.onMissingCursor() == OnMissingCursor.FAIL) {
            throw new TerminalException("stream " + format.stream() + ": " + reason + "; set onMissingCursor to"
                    + " 'quarantine' or 'save' to continue past such records");
        }
        return new Quarantined(record, reason);
    }

    private RetryableException notUnderstood(String what) {
        return new RetryableException("stream " + format.stream() + ": the response " + what);
    }
}
