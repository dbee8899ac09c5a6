package io.keysetsync.sync;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A real PostgreSQL, started when the first test asks for it, and stopped with the JVM. */
final class PostgreSqlServer {

    private static final EmbeddedPostgres SERVER = start();

    private PostgreSqlServer() {}

    static EmbeddedPostgres get() {
        return SERVER;
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off") // nothing is to outlive the tests
                    .setServerConfig("full_page_writes", "off")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
