package io.keysetsync.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.RunStatus;
import io.keysetsync.SyncException;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Progress;
import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.request.PageRequest;
import io.keysetsync.source.SourceParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how an API pages, by asking: in which order, whether its filter includes the cursor, whether its tokens
 * skip records that share a cursor, and whether a token can be used twice. Sends at most {@value #MAX_REQUESTS}
 * requests, and does not retry; writes nothing.
 */
final class ApiProbe extends DryRun implements Paging {

    static final int MAX_REQUESTS = 6;

    /** The kinds of requests; a probe remembers the latest. */
    private enum Asked {
        FIRST_PAGE,
        SECOND_PAGE,
        SECOND_PAGE_AGAIN,
        SINCE_FIRST_PAGE,
        THIRD_PAGE,
        SINCE_SECOND_PAGE,
        NOTHING
    }

    private final SourceParameters parameters;
    private final Paging list;
    private final List<PageRequest> next = new ArrayList<>();
    private final List<Page> pages = new ArrayList<>();
    private final List<Finding> refusals = new ArrayList<>();
    private Asked asked = Asked.FIRST_PAGE;
    private Progress progress = Progress.from(null, null);
    private @Nullable Boolean inclusive;
    private @Nullable Boolean skipsTies;
    private @Nullable Boolean tokensUsableTwice;
    private @Nullable JsonNode lastBody;
    private @Nullable String until;
    private @Nullable String error;

    ApiProbe(SourceParameters parameters) {
        this.parameters = parameters;
        this.list = parameters.newList();
    }

    /** The pages in the order in which the API lists them; none if the first request failed. */
    List<Page> pages() {
        return pages;
    }

    /** The requests that the API has refused, as findings. */
    List<Finding> refusals() {
        return refusals;
    }

    /** Whether the filter includes the cursor itself; null if that could not be told. */
    @Nullable
    Boolean isInclusive() {
        return inclusive;
    }

    /** Whether tokens skip records that share a page's last cursor; null if that could not be told. */
    @Nullable
    Boolean skipsTies() {
        return skipsTies;
    }

    /** Whether a token can be used twice; null if that could not be told. */
    @Nullable
    Boolean tokensUsableTwice() {
        return tokensUsableTwice;
    }

    /** The body of the last answer, even if it has no page; null if there was none. */
    @Nullable
    JsonNode lastBody() {
        return lastBody;
    }

    /** Why the requests ended; null if all were answered. */
    @Nullable
    String error() {
        return error;
    }

    @Override
    public Paging paging(Paging planned) {
        return this;
    }

    @Override
    public void answered(JsonNode body) {
        lastBody = body;
    }

    /** {@inheritDoc} None: a probe does not run the stream's steps. */
    @Override
    public ArrayNode records(Page page) {
        return JsonNodeFactory.instance.arrayNode();
    }

    @Override
    public PageRequest first(@Nullable String cursor, @Nullable String end) {
        until = end;
        return list.first(parameters.plan().initialCursor(), end);
    }

    @Override
    public boolean isLast(Page page) {
        return list.isLast(page);
    }

    @Override
    public Next after(Page page, Progress reached) {
        progress = reached;
        switch (asked) {
            case FIRST_PAGE, SECOND_PAGE, THIRD_PAGE -> listed(page);
            case SECOND_PAGE_AGAIN -> tokensUsableTwice = page.records().equals(second().records());
            case SINCE_FIRST_PAGE -> since(page, 0);
            case SINCE_SECOND_PAGE -> since(page, 1);
            case NOTHING -> throw new IllegalStateException("nothing was asked for");
        }
        return step();
    }

    private void listed(Page page) {
        pages.add(page);
        if (list.after(page, progress) instanceof Next.Ask ask) {
            next.add(ask.request());
        }
    }

    /** Whether a page of the list leads to another. */
    boolean leadsOn(int page) {
        return next.size() > page;
    }

    private Next step() {
        PageRequest request = next();
        return request == null ? new Next.End() : new Next.Ask(request, progress);
    }

    @Override
    public Optional<Next> afterFailure(SyncException failure, boolean refused) {
        String why = String.valueOf(failure.getMessage());
        switch (asked) {
            case SECOND_PAGE_AGAIN -> tokensUsableTwice = refused ? Boolean.FALSE : null;
            case SECOND_PAGE, THIRD_PAGE ->
                refusals.add(new Finding(
                        Level.PROBLEM, "the token of a page is refused: " + why, "check scrollField and scrollParam"));
            case SINCE_FIRST_PAGE, SINCE_SECOND_PAGE ->
                refusals.add(new Finding(
                        Level.PROBLEM,
                        "the API refuses its own cursor in "
                                + parameters.request().cursorParam() + ": " + why,
                        "check cursorField and cursorParam"));
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(step());
    }

    @Override
    public void ended(RunStatus status, @Nullable String why) {
        error = why;
    }

    Page first() {
        return pages.get(0);
    }

    private Page second() {
        return pages.get(1);
    }

    private PageRequest askFor(int page, Asked what) {
        asked = what;
        return next.get(page);
    }

    private PageRequest askSince(int page, Asked what) {
        asked = what;
        String cursor = parameters.plan().format().sent(Objects.requireNonNull(edge(page)));
        return parameters.newList().first(cursor, until);
    }

    /** The greatest cursor of a page. */
    @Nullable
    Position edge(int page) {
        return pages.get(page).positions().stream()
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Concludes from the answer to a request for all records since a page's greatest cursor. */
    private void since(Page answer, int page) {
        Position edge = Objects.requireNonNull(edge(page));
        List<JsonNode> tie = at(edge, answer).toList();
        if (!tie.isEmpty()) {
            inclusive = true;
        } else if (inclusive == null && (isAscending() || answer.received() == 0)) {
            inclusive = false;
        }
        if (tie.isEmpty() || !isAscending() || pages.size() < page + 2) {
            return;
        }
        List<JsonNode> next = at(edge, pages.get(page + 1)).toList();
        List<JsonNode> seen =
                Stream.concat(at(edge, pages.get(page)), next.stream()).toList();
        if (!seen.containsAll(tie)) {
            skipsTies = true;
        } else if (!next.isEmpty()) {
            skipsTies = false;
        }
    }

    private Stream<JsonNode> at(Position cursor, Page page) {
        return StreamSupport.stream(page.records().spliterator(), false).filter(record -> {
            Position position = parameters
                    .page()
                    .cursor()
                    .read(parameters.page().cursorField().in(record));
            return position != null && position.compareTo(cursor) == 0;
        });
    }

    boolean isAscending() {
        return inOrder(Comparator.naturalOrder());
    }

    boolean inOrder(Comparator<Position> order) {
        List<Position> all =
                pages.stream().flatMap(page -> page.positions().stream()).toList();
        for (int i = 1; i < all.size(); i++) {
            if (order.compare(all.get(i - 1), all.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private @Nullable PageRequest next() {
        switch (asked) {
            case FIRST_PAGE -> {
                if (edge(0) == null) {
                    asked = Asked.NOTHING;
                    return null;
                }
                return !leadsOn(0) ? askSince(0, Asked.SINCE_FIRST_PAGE) : askFor(0, Asked.SECOND_PAGE);
            }
            case SECOND_PAGE -> {
                return pages.size() < 2 ? askSince(0, Asked.SINCE_FIRST_PAGE) : askFor(0, Asked.SECOND_PAGE_AGAIN);
            }
            case SECOND_PAGE_AGAIN -> {
                return askSince(0, Asked.SINCE_FIRST_PAGE);
            }
            case SINCE_FIRST_PAGE -> {
                boolean undecided = skipsTies == null && Boolean.TRUE.equals(inclusive) && pages.size() > 1;
                if (undecided && leadsOn(1) && edge(1) != null) {
                    return askFor(1, Asked.THIRD_PAGE);
                }
            }
            case THIRD_PAGE -> {
                if (pages.size() > 2) {
                    return askSince(1, Asked.SINCE_SECOND_PAGE);
                }
            }
            case SINCE_SECOND_PAGE, NOTHING -> {
                // there is nothing more to ask
            }
        }
        asked = Asked.NOTHING;
        return null;
    }
}
