package io.keysetsync.http;

import io.keysetsync.Errors;
import io.keysetsync.RetryableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.entity.InputStreamFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** Reads what has to be known of an answer's body before the body is parsed, or instead of that. */
final class AnswerBody {

    /** The most bytes of an error's body that are read. */
    static final int MAX_DRAINED = 64 << 10;

    private AnswerBody() {}

    /** Decoders of the encodings that are asked for. */
    static Map<String, InputStreamFactory> decoders() {
        Map<String, InputStreamFactory> decoders = new LinkedHashMap<>();
        decoders.put("gzip", GzipMembers::decompressed);
        decoders.put("x-gzip", GzipMembers::decompressed);
        return decoders;
    }

    /** Refuses a body that can't be decoded; as with everything that can't be understood, a retry may help (rule 9). */
    static void checkEncoding(ClassicHttpResponse response, String stream) {
        HttpEntity body = response.getEntity();
        String encoding = body == null || body.getContentLength() == 0 ? null : body.getContentEncoding();
        if (encoding != null
                && response.getCode() < 300
                && !encoding.strip().toLowerCase(Locale.ROOT).matches("(x-)?gzip|identity|")) {
            throw new RetryableException("stream " + stream + ": the response has the encoding '"
                    + Errors.oneLine(encoding).replaceFirst("(.{40}).+", "$1…")
                    + "', which was not asked for; check the API, and any proxy before it");
        }
    }

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

    /** Takes the body off an error: the status says enough, except for a 403, whose body may tell of a rate limit. */
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

    /**
     * Makes the body of a page {@code null} in JSON if there is none, so that the flow's parser has something to parse.
     *
     * @return whether there is none
     */
    static boolean fillIfEmpty(ClassicHttpResponse response) throws IOException {
        if (response.getCode() >= 300) {
            return false;
        }
        InputStream content =
                response.getEntity() == null ? null : response.getEntity().getContent();
        PushbackInputStream body = content == null ? null : new PushbackInputStream(content);
        int first = body == null ? -1 : body.read();
        if (body == null || first < 0) {
            if (body != null) {
                body.close();
            }
            response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
            response.setEntity(new StringEntity("null", ContentType.APPLICATION_JSON));
            return true;
        }
        body.unread(first);
        response.setEntity(new HttpEntityWrapper(response.getEntity()) {
            @Override
            public InputStream getContent() {
                return body;
            }
        });
        return false;
    }
}
