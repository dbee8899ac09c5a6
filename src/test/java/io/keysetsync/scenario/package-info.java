/**
 * An HTTP API to test against: it pages through a {@link io.keysetsync.scenario.Feed} in any of the ways that APIs do,
 * and fails in any of the ways that they fail.
 *
 * <pre>{@code
 * Feed feed = Feed.users(120);
 * try (ScenarioApi api = ScenarioApi.of(feed)
 *         .pageSize(50)
 *         .inclusive()
 *         .onRequest(2, Fault.status(503, "Retry-After", "1"))
 *         .onRequest(3, late -> late.put(FeedRecord.user("7", "2024-01-01T02:30:00Z")))
 *         .start()) {
 *     syncFrom(api.url());
 *     assertThat(rows()).isEqualTo(feed.truth());
 *     assertThat(api.requests()).hasSize(4);
 * }
 * }</pre>
 *
 * <p>{@link io.keysetsync.scenario.Scenario} says how the API behaves and is immutable;
 * {@link io.keysetsync.scenario.ScenarioApi} is the running server; the feed is the live data, which a test may change
 * at any time. Nothing here shares code with keyset-sync itself: cursors are read a second time, on their own, so that
 * the feed can judge what a sync has saved.
 */
@NullMarked
package io.keysetsync.scenario;

import org.jspecify.annotations.NullMarked;
