package io.keysetsync.cli;

import io.keysetsync.source.SyncSource;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.support.DefaultInterceptSendToEndpoint;

/**
 * Lets no step of a stream send anything out of the context, where a stream is only looked at: what goes to a file, a
 * queue or another API is passed over. Requests to the stream's own API do go out, and so does what stays inside.
 */
final class NothingSent implements EndpointStrategy {

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
