package io.keysetsync.http;

import io.keysetsync.Errors;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to know of its last answer besides the page.
 *
 * @param links the values of the headers {@code Link}
 * @param isEmpty whether the answer had no body
 * @param summary status, type and length, for messages
 */
record Answer(List<String> links, boolean isEmpty, String summary) {

    private static final int MAX_TYPE = 80;

    /** Takes note of an answer, and makes its body {@code null} in JSON if there is none. */
    static Answer of(ClassicHttpResponse response) throws IOException {
        List<String> links =
                Stream.of(response.getHeaders("Link")).map(Header::getValue).toList();
        HttpEntity body = response.getEntity();
        long length = body == null ? 0 : body.getContentLength();
        String type = type(response.getFirstHeader("Content-Type"));
        boolean isEmpty = AnswerBody.fillIfEmpty(response);
        String summary =
                "HTTP " + response.getCode() + ", " + type + (length < 0 || isEmpty ? "" : ", " + length + " bytes");
        return new Answer(links, isEmpty, summary);
    }

    private static String type(@Nullable Header header) {
        String type = header == null || header.getValue() == null ? "" : Errors.oneLine(header.getValue());
        return type.isEmpty() ? "no type" : type.length() <= MAX_TYPE ? type : type.substring(0, MAX_TYPE) + "…";
    }
}
