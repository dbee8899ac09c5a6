package example;

import io.keysetsync.RunEvent;
import io.keysetsync.SyncRoute;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A Spring Boot application with two streams: {@code orders} in Java, and {@code customers} in
 * {@code resources/camel/customers.camel.yaml}. Rows and cursors go to the application's own data source, through its own
 * transaction manager.
 */
@SpringBootApplication
public class Application {

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @Bean
    RoutesBuilder orders() {
        return SyncRoute.of("orders", "{{orders.url}}")
                .with("schedule", "{{orders.schedule}}")
                .with("recordsField", "result.items")
                .into("classpath:orders.schema.json");
    }

    /** Camel finds it among the beans. */
    @Bean
    EventNotifierSupport runs() {
        return new EventNotifierSupport() {
            @Override
            public boolean isEnabled(CamelEvent event) {
                return event instanceof RunEvent run && run.kind() == RunEvent.Kind.ENDED;
            }

            @Override
            public void notify(CamelEvent event) {
                RunEvent.State run = ((RunEvent) event).state();
                LOG.info("{} ended {} after {}", run.stream(), run.status(), run.elapsed());
            }
        };
    }
}
