package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keysetsync.Streams;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** An application whose class path lacks Micrometer and camel-health, which are optional. */
class WithoutMicrometerTest {

    private static final Pattern LEFT_OUT = Pattern.compile(
            "(micrometer-core|micrometer-registry|prometheus-|camel-micrometer|camel-health)[^/]*\\.jar$");

    @Test
    void streamRunsAsWithMicrometer() throws Exception {
        List<URL> jars = new ArrayList<>();
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!LEFT_OUT.matcher(jar).find()) {
                jars.add(Path.of(jar).toUri().toURL());
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader application =
                new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(application);
            assertThatThrownBy(() -> application.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                    .isInstanceOf(ClassNotFoundException.class);

            Object rows = application
                    .loadClass(Application.class.getName())
                    .getMethod("sync")
                    .invoke(null);

            assertThat(rows).isEqualTo(30);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The application, loaded by its own class loader. */
    public static final class Application {

        private Application() {}

        /** Syncs a stream, and returns how many rows its table has. */
        public static int sync() throws Exception {
            TestDatabase database = TestDatabase.h2();
            try (ScenarioApi api = ScenarioApi.of(Feed.users(30)).pageSize(10).start();
                    DefaultCamelContext context = new DefaultCamelContext()) {
                context.getRegistry().bind("dataSource", database.dataSource());
                context.addRoutes(SyncRoute.of("people", api.url())
                        .with("schedule", "0 0 0 1 1 ? 2099")
                        .into("file:routes/user.schema.json"));
                context.start();
                Streams.of(context).trigger("people");
                await().ignoreExceptions().until(() -> "complete"
                        .equals(database.runs("people").get(0).get("status")));
            }
            return database.jdbc().queryForList("SELECT \"id\" FROM \"user\"").size();
        }
    }
}
