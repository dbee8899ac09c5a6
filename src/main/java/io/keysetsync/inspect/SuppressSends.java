package io.keysetsync.inspect;

import io.keysetsync.source.SyncSource;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.support.DefaultInterceptSendToEndpoint;

/**
 * Suppresses what the steps of a stream send out of the context during a dry run: messages to a file, a queue or
 * another API are dropped. Requests to the stream's own API are sent, and messages within the context, too.
 */
public final class SuppressSends implements EndpointStrategy {

    private static final Set<String> INSIDE =
            Set.of("kamelet", "direct", "seda", "log", "bean", "class", "quartz", "timer", "platform-http", "language");

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        boolean asksTheApi =
                endpoint instanceof HttpEndpoint http && http.getHttpClientConfigurer() instanceof SyncSource;
        String scheme = uri.replaceAll(":.*", "");
        return asksTheApi || INSIDE.contains(scheme) ? endpoint : new DefaultInterceptSendToEndpoint(endpoint, true);
    }
}
