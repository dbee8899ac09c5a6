package io.keysetsync.inspect.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.RunStatus;
import io.keysetsync.SyncException;
import io.keysetsync.cursor.Progress;
import io.keysetsync.inspect.DryRun;
import io.keysetsync.inspect.Report;
import io.keysetsync.inspect.hint.Candidates;
import io.keysetsync.inspect.hint.Cursors;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.request.PageRequest;
import io.keysetsync.request.RequestFormat;
import io.keysetsync.source.SourceParameters;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how an API pages, by asking one {@link Question} after the other. Sends at most {@value #MAX_REQUESTS}
 * requests, and does not retry; writes nothing.
 */
final class ApiProbe extends DryRun implements Paging {

    static final int MAX_REQUESTS = 10;

    private final Conversation conversation;
    private final FirstPage firstPage;
    private final SecondPage secondPage;
    private final TokenTwice tokenTwice;
    private final SinceCursor since;
    private final FilteredScroll filtered;
    private final Ties ties;
    private final List<Question> questions;
    private Progress progress = Progress.from(null, null);
    private int at;
    private int requests;
    private @Nullable JsonNode lastBody;
    private @Nullable JsonNode firstBody;
    private @Nullable String firstNextLink;
    private @Nullable String error;

    private final int most;

    ApiProbe(SourceParameters parameters, int most) {
        this.most = Math.min(most, MAX_REQUESTS);
        conversation = new Conversation(parameters);
        firstPage = new FirstPage(conversation);
        secondPage = new SecondPage(conversation, firstPage);
        tokenTwice = new TokenTwice(conversation);
        since = new SinceCursor(conversation);
        filtered = new FilteredScroll(conversation, since, tokenTwice);
        ties = new Ties(conversation, since, filtered);
        questions = List.of(firstPage, secondPage, tokenTwice, since, filtered, ties);
    }

    /** Reports all findings. */
    void report(Report report) {
        SourceParameters parameters = conversation.parameters();
        Candidates candidates = new Candidates(parameters.page(), lastBody);
        Listing list = conversation.list();
        if (list.pages().isEmpty()) {
            String why = firstPage.refusal() == null ? error : firstPage.refusal();
            report.problem(String.valueOf(why), candidates.advice());
            return;
        }
        firstPage.report(report);
        firstPage.reportRefusal(report, since.foundNotation());
        if (list.page(0).recordCount() > 0) {
            new Unfollowed(conversation, firstBody, firstNextLink).report(report);
            new Cursors(parameters.page(), list.page(0), conversation.resolution(), candidates).report(report);
        }
        if (list.edge(0) != null) {
            new Order(conversation, since).report(report);
            since.report(report);
            filtered.report(report);
            tokenTwice.report(report);
            ties.report(report);
            secondPage.report(report);
        }
    }

    @Override
    public Paging paging(Paging planned) {
        return this;
    }

    @Override
    public RequestFormat requests(RequestFormat planned) {
        return conversation.requests();
    }

    @Override
    public void answered(JsonNode body, @Nullable String nextLink) {
        lastBody = body;
        if (conversation.list().pages().isEmpty()) {
            firstBody = body;
            firstNextLink = nextLink;
        }
    }

    /** {@inheritDoc} None: a probe does not run the stream's steps. */
    @Override
    public ArrayNode records(Page page) {
        return JsonNodeFactory.instance.arrayNode();
    }

    @Override
    public PageRequest first(@Nullable String cursor, @Nullable String until) {
        conversation.until(until);
        return Objects.requireNonNull(request());
    }

    @Override
    public boolean isLast(Page page) {
        return false;
    }

    @Override
    public Next after(Page page, Progress reached) {
        progress = reached;
        questions.get(at).answered(page);
        return step();
    }

    private Next step() {
        PageRequest request = request();
        return request == null ? new Next.End() : new Next.Ask(request, progress);
    }

    private @Nullable PageRequest request() {
        for (; requests < most && at < questions.size(); at++) {
            PageRequest request = questions.get(at).next();
            if (request != null) {
                requests++;
                return request;
            }
        }
        return null;
    }

    @Override
    public Optional<Next> afterFailure(SyncException failure, boolean refused) {
        return questions.get(at).failed(failure, refused) ? Optional.of(step()) : Optional.empty();
    }

    @Override
    public void ended(RunStatus status, @Nullable String why) {
        error = why;
    }
}
