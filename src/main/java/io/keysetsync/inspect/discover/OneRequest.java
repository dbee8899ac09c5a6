package io.keysetsync.inspect.discover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.RunStatus;
import io.keysetsync.SyncException;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Progress;
import io.keysetsync.inspect.DryRun;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.request.PageRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A dry run of one request, whose answer need not be understood. */
final class OneRequest extends DryRun implements Paging {

    private final PageRequest request;
    private @Nullable JsonNode body;
    private @Nullable String nextLink;
    private @Nullable SyncException error;
    private boolean isRefused;

    OneRequest(PageRequest request) {
        this.request = request;
    }

    Reply reply() {
        return new Reply(body, nextLink, body == null ? error : null, isRefused);
    }

    @Override
    public Paging paging(Paging planned) {
        return this;
    }

    @Override
    public PageRequest first(@Nullable String cursor, @Nullable String until) {
        return request;
    }

    @Override
    public boolean isLast(Page page) {
        return true;
    }

    @Override
    public Next after(Page page, Progress progress) {
        return new Next.End();
    }

    @Override
    public void answered(JsonNode answer, @Nullable String link) {
        body = answer;
        nextLink = link;
    }

    @Override
    public ArrayNode records(Page page) {
        return JsonNodeFactory.instance.arrayNode();
    }

    @Override
    public Optional<Next> afterFailure(SyncException failure, boolean refused) {
        error = failure;
        isRefused = refused;
        return Optional.of(new Next.End());
    }

    @Override
    public void ended(RunStatus status, @Nullable String why) {
        if (body == null && error == null) {
            error = new TerminalException(why == null ? "the API gave no answer" : why);
        }
    }
}
