package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.database.Databases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that are too old are refused by name, version and what is needed. */
class DatabaseVersionTest {

    @ParameterizedTest
    @CsvSource({
        "MariaDB, 10.5.23-MariaDB, 10.6",
        "MariaDB, 5.5.68-MariaDB, 10.6",
        "PostgreSQL, 12.18, 13",
        "PostgreSQL, 9.6.24 (Debian 9.6.24-1), 13",
        "H2, 1.4.200 (2019-10-14), 2.0"
    })
    void tooOldIsRefused(String product, String version, String needed) {
        assertThatThrownBy(() -> Databases.of(product, version))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("database: " + product + " " + version + " is too old; keyset-sync needs " + product + " "
                        + needed + " or later");
    }

    @ParameterizedTest
    @CsvSource({
        "MariaDB, 10.6.0-MariaDB, mariadb",
        "MariaDB, 10.11.6-MariaDB-0+deb12u1, mariadb",
        "MariaDB, 11.4.2-MariaDB-ubu2404, mariadb",
        "PostgreSQL, 13.0, postgresql",
        "PostgreSQL, 18beta1, postgresql",
        "H2, 2.0.202 (2021-11-25), h2",
        "H2, unknown, h2"
    })
    void newEnoughIsAccepted(String product, String version, String name) {
        assertThat(Databases.of(product, version).name()).isEqualTo(name);
    }

    @Test
    void serversOfTheTestsAreNewEnough() {
        assertThat(Databases.of(TestDatabase.h2().dataSource()).name()).isEqualTo("h2");
        assertThat(Databases.of(TestDatabase.postgreSql().dataSource()).name()).isEqualTo("postgresql");
        assertThat(Databases.of(TestDatabase.mariaDb().dataSource()).name()).isEqualTo("mariadb");
    }
}
