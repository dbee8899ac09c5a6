package io.keysetsync.sync;

import io.keysetsync.scenario.ScenarioApi;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.main.Main;

/**
 * The shipped {@code application.properties} and {@code routes/} in a Camel Main, with an API and a database of the
 * test's. Runs begin when the test says so, not on schedule.
 */
public final class ShippedRoutes implements AutoCloseable {

    private final Main main = new Main();

    /** Starts the routes. */
    public static ShippedRoutes start(ScenarioApi api, TestDatabase database) {
        return new ShippedRoutes(database.dataSource(), Map.of("sync.user.url", api.url(), "sync.demo-api", "false"));
    }

    private ShippedRoutes(Object dataSource, Map<String, String> settings) {
        main.setPropertyPlaceholderLocations("file:application.properties");
        RunsByHand.in(main);
        settings.forEach(main::addOverrideProperty);
        main.bind("dataSource", dataSource);
        main.start();
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    /** One run of a stream, from its trigger to its end, in this thread. */
    public void sync(String stream) throws Exception {
        sync(context(), stream);
    }

    /** One run of a stream of any context. */
    public static void sync(CamelContext context, String stream) throws Exception {
        Route route = context.getRoutes().stream()
                .filter(each -> each.getEndpoint() instanceof QuartzEndpoint quartz
                        && quartz.getTriggerKey().getName().equals(stream))
                .findFirst()
                .orElseThrow();
        Exchange firing = route.getEndpoint().createExchange();
        route.getConsumer().getProcessor().process(firing);
    }

    @Override
    public void close() {
        main.stop();
    }
}
