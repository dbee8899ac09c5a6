package io.keysetsync.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.http.ApiClient;
import io.keysetsync.http.Failure;
import io.keysetsync.http.LinkHeader;
import io.keysetsync.http.RateLimit;
import io.keysetsync.http.TokenRequests;
import io.keysetsync.paging.Page;
import io.keysetsync.request.RequestFormat;
import io.keysetsync.run.Run;
import io.keysetsync.run.lifecycle.RunReports;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpConstants;
import org.jspecify.annotations.Nullable;

/** Fetches the next page of a run: the Java half of the YAML's branch {@code fetch}. */
public final class PageFetch {

    private final Clock clock = Clock.systemUTC();
    private @Nullable SyncSource source;

    /** Sets the source whose pages are fetched; Camel's bean binding calls it. */
    public void setSource(SyncSource owner) {
        source = owner;
    }

    private SyncSource source() {
        return Objects.requireNonNull(source);
    }

    private SourceParameters parameters() {
        return source().parameters();
    }

    private ApiClient client() {
        return source().client();
    }

    private RunReports reports(Run run) {
        return source().reports().of(run.isDryRun());
    }

    /** Decides what to ask for next: all since the cursor, or what leads to the next page. */
    public void plan(Exchange exchange) {
        Run run = SyncSource.run(exchange);
        SyncSource.beginBranch(run, exchange);
        run.planNext();
    }

    /**
     * Puts the next request into a message from which the last page's headers have been removed. The answer is not
     * cached, even if the context has stream caching: a page is parsed as it arrives.
     */
    public void ask(Exchange exchange) {
        Run run = SyncSource.run(exchange);
        run.stop().check(null);
        RequestFormat format = run.inspection().requests(parameters().request());
        client().sends(
                        run.lane(),
                        format.target(run.reading().request()),
                        format.headers(run.reading().request()));
        exchange.getExchangeExtension().setStreamCacheDisabled(true);
        Message message = exchange.getMessage();
        String body = format.body(run.reading().request());
        message.setBody(body == null ? null : body.getBytes(StandardCharsets.UTF_8));
        message.setHeader(HttpConstants.HTTP_METHOD, format.method());
        if (body != null) {
            message.setHeader(HttpConstants.CONTENT_TYPE, "application/json");
        }
    }

    /** Waits until the stream may send its next request, if {@code maxRequestsPerSecond} limits its requests. */
    public void pace(Exchange exchange) throws InterruptedException {
        RateLimit rate = parameters().rate();
        if (rate != null) {
            SyncSource.run(exchange).stop().pause(rate.untilNext(), "its next request (maxRequestsPerSecond)");
        }
    }

    /** Gets a token if the kind of authentication needs one. */
    public void signIn(Exchange exchange) {
        CamelContext context = exchange.getContext();
        parameters()
                .credentials()
                .prepare(new TokenRequests(parameters().plan().stream(), client().client(context), clock));
    }

    /** Makes a page of the answer: its records, their cursors, and what leads to the next page. */
    public void understand(Exchange exchange) {
        Run run = SyncSource.run(exchange);
        boolean isEmpty = client().wasEmpty(run.lane());
        JsonNode body = isEmpty ? null : exchange.getMessage().getBody(JsonNode.class);
        if (body != null && run.isDryRun()) {
            run.inspection().answered(body, LinkHeader.next(client().links(run.lane())));
        }
        Page page = source().reader().read(body, client().links(run.lane()), clock.instant());
        parameters().credentials().accepted();
        arrived(exchange, run, page);
    }

    private void arrived(Exchange exchange, Run run, Page page) {
        attemptOver(exchange);
        run.received(page);
        if (page.ahead() > 0) {
            reports(run).ahead(run, page.ahead(), parameters().page().futureTolerance());
        }
    }

    /** Decides what follows a failed attempt: a new scroll, another try after a wait, or the end of the run. */
    public void recover(Exchange exchange) throws InterruptedException {
        attemptOver(exchange);
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Run run = SyncSource.run(exchange);
        run.stop().check(caught);
        Failure failure = Failure.of(
                        caught, client().what(parameters().request().method()), clock.instant())
                .withAnswer(client().answerSummary(run.lane()));
        if (source().recovery().meansNoRecords(run, failure)) {
            arrived(exchange, run, Page.empty());
        } else {
            source().recovery().after(run, failure, caught);
        }
    }

    /** Frees the answer: no step may cache the rest of a broken one, and nothing keeps a page longer than its run does. */
    private void attemptOver(Exchange exchange) {
        exchange.getMessage().setBody(null);
        exchange.getExchangeExtension().setStreamCacheDisabled(false);
        client().sent();
    }
}
