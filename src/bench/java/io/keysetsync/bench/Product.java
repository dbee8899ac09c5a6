package io.keysetsync.bench;

import io.keysetsync.RunEvent;
import io.keysetsync.Streams;
import io.keysetsync.store.RunStatus;
import io.keysetsync.store.SyncStores;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.PluginHelper;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The shipped stream {@code routes/user.camel.yaml}, with the shipped Kamelets, in a plain CamelContext.
 *
 * @param url of the API
 * @param onPage called after each page, with how the run stands
 */
record Product(String url, Consumer<RunEvent.State> onPage) implements Contender {

    private static final String NEVER = "0 0 0 1 1 ? 2099";

    @Override
    public String name() {
        return "keyset-sync";
    }

    @Override
    public Session open(DataSource database) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.getRegistry().bind(SyncStores.DEFAULT_DATA_SOURCE, database);
        context.getPropertiesComponent().addInitialProperty("sync.user.url", url);
        context.getPropertiesComponent().addInitialProperty("sync.user.schedule", NEVER);
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("file:routes/user.camel.yaml"));
        Watch watch = new Watch(onPage);
        context.getManagementStrategy().addEventNotifier(watch);
        context.start();
        return new Stream(context, watch, new JdbcTemplate(database));
    }

    private record Stream(CamelContext context, Watch watch, JdbcTemplate jdbc) implements Session {

        @Override
        public Timing sync() throws Exception {
            if (watch.total.isDone()) {
                jdbc.update("DELETE FROM keyset_sync_cursor");
            }
            watch.begin();
            Streams.of(context).trigger("user");
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
