package io.keysetsync.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.keysetsync.Problems;
import io.keysetsync.RetryableException;
import io.keysetsync.SyncException;
import io.keysetsync.TerminalException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt at a page failed, sorted into passing and lasting faults.
 *
 * @param error retryable or terminal
 * @param status of the answer; 0 where the failure isn't one of its status
 */
record Failure(SyncException error, int status) {

    /** Statuses that pass: RFC 9110 (408, 5xx), RFC 8470 (425), RFC 6585 (429). */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    private static final Set<Integer> TOKEN_REFUSED = Set.of(400, 404, 410);

    /**
     * Sorts a failure.
     *
     * @param what the stream and the request, for the message
     * @param now to which a {@code Retry-After} date is relative
     */
    static Failure of(Throwable error, String what, Instant now) {
        SyncException known = Problems.known(error);
        if (known != null) {
            return new Failure(known, 0);
        }
        if (error instanceof HttpOperationFailedException http) {
            return of(http, what, now);
        }
        if (error instanceof StreamConstraintsException) {
            return passing(what + ": the response is not to be believed: " + Problems.message(error), error);
        }
        if (error instanceof JsonProcessingException json) {
            return passing(
                    what + ": the response is not JSON: " + Problems.firstLine(json.getOriginalMessage()), error);
        }
        if (error instanceof IOException) {
            String distrust = TlsRefusal.explanation(error);
            return distrust == null
                    ? passing(
                            what + ": " + Problems.describe(error) + "; check that the API is up and the url is right",
                            error)
                    : new Failure(new TerminalException(what + ": " + distrust, error), 0);
        }
        return new Failure(new TerminalException(what + ": " + Problems.describe(error), error), 0);
    }

    /** Whether the status is one by which an API refuses a scroll token (rule 8). */
    boolean refusesToken() {
        return TOKEN_REFUSED.contains(status);
    }

    /** How long the API asked to wait; null where it didn't. */
    @Nullable
    Duration retryAfter() {
        return error instanceof RetryableException passing ? passing.retryAfter() : null;
    }

    private static Failure passing(String message, Throwable error) {
        return new Failure(new RetryableException(message, error), 0);
    }

    private static Failure of(HttpOperationFailedException error, String what, Instant now) {
        int status = error.getHttpResponseCode();
        String text = error.getStatusText() == null ? "" : " " + error.getStatusText();
        String message = what + ": the API answered HTTP " + status + text;
        SyncException kind = PASSING.contains(status)
                ? new RetryableException(message, null, retryAfter(error.getResponseHeaders(), now))
                : new TerminalException(message + "; check the url, the query and the credentials");
        return new Failure(kind, status);
    }

    /** {@code Retry-After} as RFC 9110, 10.2.3 has it: seconds, or a date. */
    private static @Nullable Duration retryAfter(@Nullable Map<String, String> headers, Instant now) {
        if (headers == null) {
            return null;
        }
        String value = headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Retry-After"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("")
                .trim();
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        Instant date = DateUtils.parseStandardDate(value);
        if (date == null) {
            return null;
        }
        return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    }
}
