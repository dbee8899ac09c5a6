package io.keysetsync.http.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.record.FieldPath;
import java.net.URI;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/** Asks for tokens, within the limits of the stream's other requests. */
public interface TokenClient {

    /**
     * Posts a request for a token.
     *
     * @param tokenField where the answer has the token
     * @param parameters names of the parameters to check if the server refuses
     * @return the server's answer, whose token fits into a header: visible characters of ASCII (RFC 9110, 5.5)
     * @throws io.keysetsync.RetryableException if a retry may succeed
     * @throws io.keysetsync.TerminalException if a retry can't succeed
     */
    JsonNode post(URI url, HttpEntity content, FieldPath tokenField, String parameters, Header... headers);
}
