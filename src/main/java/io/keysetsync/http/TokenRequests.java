package io.keysetsync.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.RetryableException;
import io.keysetsync.TerminalException;
import io.keysetsync.http.auth.TokenClient;
import io.keysetsync.record.FieldPath;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;

/** Asks for tokens by the stream's HTTP client, so with the same certificates, proxy, limits and stop signal. */
public final class TokenRequests implements TokenClient {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private static final String TOKEN = "[\\x21-\\x7e]+";

    private final String stream;
    private final HttpClient client;
    private final Clock clock;

    public TokenRequests(String stream, HttpClient client, Clock clock) {
        this.stream = stream;
        this.client = client;
        this.clock = clock;
    }

    @Override
    public JsonNode post(URI url, HttpEntity content, FieldPath tokenField, String parameters, Header... headers) {
        String what = "stream " + stream + ": POST " + UrlOrigin.shown(url);
        HttpPost request = new HttpPost(url);
        request.setHeaders(headers);
        request.setHeader(HttpHeaders.ACCEPT, ContentType.APPLICATION_JSON.getMimeType());
        request.setEntity(content);
        HttpClientContext context = HttpClientContext.create();
        ApiClient.withoutCredentials(context);
        try {
            JsonNode answer = client.execute(request, context, response -> answer(response, what, parameters));
            if (tokenField.in(answer).asText("").matches(TOKEN)) {
                return answer;
            }
        } catch (IOException e) {
            throw Failure.of(e, what, clock.instant()).error();
        }
        throw new TerminalException(what + ": the response has no token in '" + tokenField.text()
                + "', or no usable one; check " + parameters);
    }

    private static Map<String, String> headers(ClassicHttpResponse response) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.put(header.getName(), Objects.requireNonNullElse(header.getValue(), ""));
        }
        return headers;
    }

    private JsonNode answer(ClassicHttpResponse response, String what, String parameters) throws IOException {
        if (response.getCode() >= 300) {
            throw Failure.ofStatus(
                            response.getCode(),
                            response.getReasonPhrase(),
                            headers(response),
                            clock.instant(),
                            what,
                            "check " + parameters)
                    .error();
        }
        try {
            JsonNode answer = response.getEntity() == null
                    ? null
                    : JSON.readValue(response.getEntity().getContent());
            if (answer != null && answer.isObject()) {
                return answer;
            }
        } catch (JsonProcessingException e) {
            // falls through to the one error, which quotes nothing: the answer may hold a token
        }
        throw new RetryableException(what + ": the response is not a JSON object; check " + parameters);
    }
}
