package io.keysetsync.inspect.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Position;
import io.keysetsync.inspect.hint.NextHints;
import io.keysetsync.inspect.hint.Resolution;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PagingKind;
import io.keysetsync.request.RequestFormat;
import io.keysetsync.source.SourceParameters;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the questions of a probe share: how requests are written, and the pages that the API has listed so far. */
final class Conversation {

    private final SourceParameters parameters;
    private final Listing list;
    private CursorFormat format;
    private RequestFormat requests;
    private @Nullable String until;

    Conversation(SourceParameters parameters) {
        this.parameters = parameters;
        this.list = newList();
        this.format = parameters.plan().format();
        this.requests = parameters.request();
    }

    SourceParameters parameters() {
        return parameters;
    }

    /** The pages since the initial cursor. */
    Listing list() {
        return list;
    }

    Listing newList() {
        return new Listing(parameters.newList());
    }

    /** The end of the time to ask for, as it is sent; null to send none. */
    @Nullable
    String until() {
        return until;
    }

    void until(@Nullable String end) {
        until = end;
    }

    /** A position as it is sent. */
    String sent(Position position) {
        return format.sent(position);
    }

    /** How cursors are sent. */
    CursorFormat format() {
        return format;
    }

    /** Sends cursors in another notation from now on. */
    void sendAs(CursorFormat other) {
        format = other;
    }

    /** Whether what the stream takes for a token is rather a link. */
    boolean takesLinkForToken() {
        JsonNode token = list.page(0).token();
        return parameters.paging().kind() == PagingKind.SCROLL && token != null && NextHints.isUrl(token);
    }

    /** How requests are written. */
    RequestFormat requests() {
        return requests;
    }

    /** Writes requests in another way from now on. */
    void write(RequestFormat other) {
        requests = other;
    }

    /** The resolution of the cursors that the list has shown. */
    Resolution resolution() {
        return Resolution.of(parameters.page().cursor().type(), list.pages());
    }

    /** The records of a page that have a cursor. */
    List<JsonNode> at(Position cursor, Page page) {
        return StreamSupport.stream(page.records().spliterator(), false)
                .filter(record -> {
                    Position position = parameters
                            .page()
                            .cursor()
                            .read(parameters.page().cursorField().orMissing(record));
                    return position != null && position.compareTo(cursor) == 0;
                })
                .toList();
    }
}
