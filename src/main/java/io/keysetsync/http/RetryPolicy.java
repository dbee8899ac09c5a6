package io.keysetsync.http;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often a request is tried, and how long to wait between attempts.
 *
 * @param attempts the most attempts at one request, including the first
 * @param delay the longest first wait; doubles with every further wait
 * @param maxDelay the limit of that doubling
 * @param maxRetryAfter the longest {@code Retry-After} that a run waits for
 */
public record RetryPolicy(int attempts, Duration delay, Duration maxDelay, Duration maxRetryAfter) {

    /**
     * The wait after a failed attempt: a random part of the doubled delay, so that many clients don't retry in step
     * ("full jitter", M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
     *
     * @param attempt the number of the failed attempt, from 1
     */
    public Duration delayAfter(int attempt) {
        if (delay.toMillis() < 1) {
            return Duration.ZERO;
        }
        Duration longest = maxDelay.compareTo(delay) < 0 ? delay : maxDelay;
        long backOff =
                IntervalFunction.ofExponentialBackoff(delay, 2.0, longest).apply(attempt);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(backOff + 1));
    }
}
