package io.keysetsync.packaged;

import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.ScenarioApi;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Collectors;

/** An API whose data changes with each request, until a test wants to compare. */
final class LiveFeed implements AutoCloseable {

    private static final int RECORDS = 40;
    private static final int PAGE = 15;

    private final Feed feed = Feed.users(RECORDS);
    private final ScenarioApi api = ScenarioApi.of(feed)
            .pageSize(PAGE)
            .always((Feed each) -> changeUnlessStill())
            .start();

    private boolean isStill;
    private int changes;
    private Instant last = Instant.EPOCH;

    String url() {
        return api.url();
    }

    /** Changes a record, or adds one; each change is later than the one before by a microsecond or more. */
    private synchronized void change() {
        changes++;
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        last = now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
        feed.put(FeedRecord.user(Integer.toString(changes % (RECORDS + PAGE)), last.toString()));
    }

    private synchronized void changeUnlessStill() {
        if (!isStill) {
            change();
        }
    }

    /** Lets the data be, from now on. */
    synchronized void beStill() {
        isStill = true;
    }

    /** Holds back the next run's first page. */
    Gate holdFirstPage() {
        int requests = api.requests().size();
        Gate gate = new Gate();
        api.change(scenario -> scenario.when(request -> request.number() > requests, gate));
        return gate;
    }

    /** Holds back the next run's second page, after changes of more than a page. */
    Gate holdSecondPage() {
        int requests = api.requests().size();
        Gate gate = new Gate();
        api.change(scenario -> scenario.when(
                request -> request.number() > requests && request.parameter("scroll_param") != null, gate));
        synchronized (this) {
            for (int i = 0; i <= PAGE; i++) {
                change(); // after the gate, which the changes would else pass
            }
        }
        return gate;
    }

    /** The time of each record's latest version, by its id. */
    Map<String, Instant> truth() {
        return feed.truth().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().instant().orElseThrow()));
    }

    @Override
    public void close() {
        api.close();
    }
}
