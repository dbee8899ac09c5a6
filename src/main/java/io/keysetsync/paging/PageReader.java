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
import io.keysetsync.record.EvaluationException;
import io.keysetsync.record.Field;
import io.keysetsync.record.FieldPath;
import io.keysetsync.record.Quarantined;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a response into a {@link Page}. A response that can't be understood never means "no more records" (rule 9). */
public final class PageReader {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final PageFormat format;
    private final NextField next;
    private final @Nullable ErrorField error;

    public PageReader(PageFormat format) {
        this.format = format;
        this.next = new NextField(format);
        this.error = format.errorField() == null ? null : new ErrorField(format.errorField());
    }

    /**
     * Reads a response.
     *
     * @param response null or missing if the response has no body
     * @param links the values of the response's headers {@code Link}
     * @param now the current time, to recognise cursors in the future
     * @throws RetryableException if the response can't be understood, or has an error in {@code errorField}
     * @throws TerminalException if a record has no cursor and {@code onMissingCursor} is {@code fail}
     */
    public Page read(@Nullable JsonNode response, List<String> links, Instant now) {
        if (response == null || response.isMissingNode()) {
            if (format.onMissingRecords() == OnMissingRecords.EMPTY) {
                return Page.empty();
            }
            throw notUnderstood("is empty");
        }
        try {
            String found = error == null ? null : error.in(response);
            if (found != null) {
                throw new RetryableException(
                        "stream " + format.stream() + ": the API answered with an error under status 200: " + found);
            }
            ArrayNode elements = elements(response);
            Boolean more =
                    format.moreField() == null ? null : format.moreField().in(response);
            JsonNode token = Boolean.FALSE.equals(more) ? null : next.in(response, elements, links);
            return page(elements, token, more, now);
        } catch (EvaluationException e) {
            throw notUnderstood("can't be read: " + e.getMessage());
        }
    }

    /** Makes a page of these records, without those that have no cursor, if such records are to be set aside. */
    public Page of(ArrayNode records, Instant now) {
        return page(records, null, null, now);
    }

    private Page page(ArrayNode elements, @Nullable JsonNode token, @Nullable Boolean more, Instant now) {
        List<Position> positions = new ArrayList<>(elements.size());
        List<JsonNode> kept = new ArrayList<>(elements.size());
        List<Quarantined> quarantined = new ArrayList<>();
        Instant latest = now.plus(format.futureTolerance());
        int ahead = 0;
        long digest = elements.size();
        for (JsonNode record : elements) {
            digest = PageDigest.plus(digest, record);
            if (record.isNull()) {
                continue;
            }
            Position position = format.cursor().read(format.cursorField().orMissing(record));
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
        ArrayNode passed = kept.size() == elements.size()
                ? elements
                : JSON.arrayNode(kept.size()).addAll(kept);
        return new Page(passed, elements.size(), positions, ahead, quarantined, token, more, digest);
    }

    /** The elements at {@code recordsField}: those of an array, or one object. */
    private ArrayNode elements(JsonNode response) {
        return format.recordsField() instanceof FieldPath path
                ? elements(response, path)
                : computed(format.recordsField(), response);
    }

    /**
     * The elements that an expression computes: those of its arrays, and its objects. A result of null alone may stand for a
     * field that the response lacks, and one object alone for an error, as an object at a path may.
     */
    private ArrayNode computed(Field field, JsonNode response) {
        List<JsonNode> results = field.all(response);
        if (!results.isEmpty() && results.stream().allMatch(JsonNode::isNull)) {
            if (format.onMissingRecords() == OnMissingRecords.EMPTY) {
                return JSON.arrayNode();
            }
            throw notUnderstood("has null in '" + field.text() + "'; if that means no records, add // []");
        }
        ArrayNode all = JSON.arrayNode();
        for (JsonNode each : results) {
            if (each instanceof ArrayNode some) {
                all.addAll(some);
            } else if (each.isNull() || (each.isObject() && (results.size() > 1 || isRecord(each, field)))) {
                all.add(each);
            } else {
                throw notUnderstood(
                        each.isObject()
                                ? "has one object without a cursor in '" + field.text()
                                        + "', which may be an error; put [ ]"
                                        + " around the expression if all of its results are records"
                                : "has neither an array nor records in '" + field.text() + "'");
            }
        }
        return all;
    }

    private ArrayNode elements(JsonNode response, FieldPath field) {
        JsonNode records = field.base().in(response);
        if ((records.isNull() && !response.isNull())
                || (records.isMissingNode() && format.onMissingRecords() == OnMissingRecords.EMPTY)) {
            return JSON.arrayNode();
        }
        if (records.isMissingNode()) {
            throw notUnderstood("has no '" + field.text() + "'");
        }
        if (field.hasWildcard() && records.isContainerNode()) {
            ArrayNode all = JSON.arrayNode();
            for (JsonNode each : field.all(response)) {
                if (each instanceof ArrayNode some) {
                    all.addAll(some);
                } else {
                    all.add(each);
                }
            }
            return all;
        }
        if (records instanceof ArrayNode array) {
            return array;
        }
        if (records.isObject() && isRecord(records, field)) {
            return JSON.arrayNode(1).add(records);
        }
        throw notUnderstood("has no array in '" + field.text() + "'");
    }

    /** Whether an object is a record, and not an error. */
    private boolean isRecord(JsonNode object, Field field) {
        return format.cursor().read(format.cursorField().orMissing(object)) != null
                || (format.onMissingCursor() == OnMissingCursor.SAVE
                        && !object.isEmpty()
                        && !field.text().isEmpty());
    }

    private Quarantined withoutCursor(JsonNode record) {
        String reason = "field " + format.cursorField().text() + ": " + whyWithoutCursor(record);
        if (format.onMissingCursor() == OnMissingCursor.FAIL) {
            throw new TerminalException("stream " + format.stream() + ": " + reason + "; set onMissingCursor to"
                    + " 'quarantine' or 'save' to continue past such records");
        }
        return new Quarantined(record, reason);
    }

    private String whyWithoutCursor(JsonNode record) {
        try {
            JsonNode value = format.cursorField().in(record);
            return "the cursor is "
                    + (value.isMissingNode()
                            ? "missing"
                            : value.isNull() ? "null" : format.cursor().problem(value));
        } catch (EvaluationException e) {
            return "the cursor can't be read: " + e.getMessage();
        }
    }

    private RetryableException notUnderstood(String what) {
        return new RetryableException("stream " + format.stream() + ": the response " + what);
    }
}
