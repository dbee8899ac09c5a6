package io.keysetsync.http;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and how patiently a request is tried.
 *
 * @param attempts tries of one request, the first included
 * @param delay the first wait at most; doubles with every further one
 * @param maxDelay where the doubling ends
 * @param maxRetryAfter the longest {@code Retry-After} that is waited for
 */
public record RetryPolicy(int attempts, Duration delay, Duration maxDelay, Duration maxRetryAfter) {

    /**
     * The wait after a try that failed: any part of the doubled delay, so that many clients don't come back in step
     * ("full jitter", M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
     *
     * @param attempt counts from 1
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
