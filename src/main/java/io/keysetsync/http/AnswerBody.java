package io.keysetsync.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;

/** Reads what has to be known of an answer's body before the body is parsed, or instead of that. */
final class AnswerBody {

    /** The most bytes of an error's body that are read. */
    static final int MAX_DRAINED = 64 << 10;

    private AnswerBody() {}

    /**
     * Reads a short body to its end, so that its connection can be used again; a longer body is not worth reading.
     *
     * @return whether the body was read to its end
     */
    static boolean drain(HttpEntity body) throws IOException {
        return start(body).length <= MAX_DRAINED;
    }

    private static byte[] start(HttpEntity body) throws IOException {
        InputStream content = body.getContent();
        return content == null ? new byte[0] : content.readNBytes(MAX_DRAINED + 1);
    }

    /** Takes the body off an error: the status says enough, but for a 403, whose body may tell of a rate limit. */
    static void discard(ClassicHttpResponse response, Attempt attempt) {
        boolean complete = false;
        try {
            byte[] start = start(response.getEntity());
            complete = start.length <= MAX_DRAINED;
            if (response.getCode() == HttpStatus.SC_FORBIDDEN
                    && RetryAfter.namesRateLimit(new String(start, StandardCharsets.ISO_8859_1))) {
                response.setReasonPhrase("rate limit exceeded");
            }
        } catch (IOException e) {
            // the status has arrived, which is enough
        }
        if (complete) {
            attempt.end();
        } else {
            attempt.abort();
        }
        response.setEntity(null);
    }
}
