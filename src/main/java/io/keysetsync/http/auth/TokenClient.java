package io.keysetsync.http.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/** Asks for tokens, within the limits that hold for the stream's other requests. */
public interface TokenClient {

    /**
     * Posts something to a server that gives tokens.
     *
     * @param tokenField of the answer, which has the token
     * @param parameters names of the parameters to check if it refuses
     * @return its answer; the token in it fits into a header: visible characters of ASCII (RFC 9110, 5.5)
     * @throws io.keysetsync.RetryableException if it may answer otherwise a moment later
     * @throws io.keysetsync.TerminalException if it will not
     */
    JsonNode post(URI url, HttpEntity content, String tokenField, String parameters, Header... headers);
}
