package io.keysetsync.bench;

import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.Streams;
import io.keysetsync.run.StreamRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A stream such as the shipped {@code routes/user.camel.yaml}, with the shipped Kamelets, in a plain CamelContext.
 *
 * @param name the contender's
 * @param stream the stream's name
 * @param schema location of its schema
 * @param url of the API
 * @param onPage called after each page, with how the run stands
 */
record Product(String name, String stream, String schema, String url, Consumer<RunEvent.State> onPage)
        implements Contender {

    private static final String NEVER = "0+0+0+1+1+?+2099";

    @Override
    public Session open(DataSource database) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.getRegistry().bind(StreamRegistry.DEFAULT_DATA_SOURCE, database);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?stream=" + stream + "&url=" + url + "&schedule=" + NEVER)
                        .to("kamelet:jdbc-upsert-sink?stream=" + stream + "&schema=" + schema);
            }
        });
        Watch watch = new Watch(onPage);
        context.getManagementStrategy().addEventNotifier(watch);
        context.start();
        return new Stream(stream, context, watch, new JdbcTemplate(database));
    }

    private record Stream(String name, CamelContext context, Watch watch, JdbcTemplate jdbc) implements Session {

        @Override
        public Timing sync() throws Exception {
            if (watch.total.isDone()) {
                jdbc.update("DELETE FROM keyset_sync_cursor");
            }
            watch.begin();
            Streams.of(context).trigger(name);
            return new Timing(watch.firstCommit.get(), watch.total.get());
        }

        @Override
        public void close() {
            context.stop();
        }
    }

    private static final class Watch extends EventNotifierSupport {

        private final Consumer<RunEvent.State> onPage;
        private volatile long begun;
        private volatile CompletableFuture<Long> firstCommit = new CompletableFuture<>();
        private volatile CompletableFuture<Long> total = new CompletableFuture<>();

        Watch(Consumer<RunEvent.State> onPage) {
            this.onPage = onPage;
        }

        void begin() {
            firstCommit = new CompletableFuture<>();
            total = new CompletableFuture<>();
            begun = System.nanoTime();
        }

        @Override
        public boolean isEnabled(CamelEvent event) {
            return event instanceof RunEvent;
        }

        @Override
        public void notify(CamelEvent event) {
            RunEvent run = (RunEvent) event;
            long elapsed = System.nanoTime() - begun;
            if (run.kind() == RunEvent.Kind.PAGE_COMMITTED) {
                firstCommit.complete(elapsed);
                onPage.accept(run.state());
            } else if (run.kind() == RunEvent.Kind.ENDED) {
                if (run.state().status() == RunStatus.COMPLETE) {
                    total.complete(elapsed);
                } else {
                    IllegalStateException error =
                            new IllegalStateException(run.state().toString());
                    firstCommit.completeExceptionally(error);
                    total.completeExceptionally(error);
                }
            }
        }
    }
}
