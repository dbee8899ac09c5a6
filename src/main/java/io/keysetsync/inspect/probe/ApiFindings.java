package io.keysetsync.inspect.probe;

import io.keysetsync.inspect.Finding;
import io.keysetsync.inspect.Report;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.source.SyncSource;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;

/**
 * What an {@link ApiProbe} has found out about an API.
 *
 * @param findings in the order in which to read them
 * @param parameters the source's parameters to set, by name
 */
public record ApiFindings(List<Finding> findings, Map<String, String> parameters) {

    /**
     * Asks the API of a stream.
     *
     * @throws io.keysetsync.ConfigurationException if there is no such stream
     */
    public static ApiFindings of(CamelContext context, String stream) throws Exception {
        return of(context, stream, ApiProbe.MAX_REQUESTS);
    }

    /**
     * Asks the API of a stream, by no more than a number of requests.
     *
     * @throws io.keysetsync.ConfigurationException if there is no such stream
     */
    public static ApiFindings of(CamelContext context, String stream, int most) throws Exception {
        SyncSource source = (SyncSource) StreamRegistry.of(context).source(stream);
        ApiProbe probe = new ApiProbe(source.parameters(), most);
        probe.inspect(context, stream);
        Report report = new Report();
        probe.report(report);
        return new ApiFindings(report.findings(), report.parameters());
    }
}
