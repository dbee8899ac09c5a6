package io.keysetsync.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.ConfigurationException;
import io.keysetsync.database.fault.DatabaseTimeout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Nobody but the program's owner opens the default database. */
class OwnedH2Test {

    @TempDir
    private Path temp;

    private Path folder;
    private String url;

    @BeforeEach
    void choose() {
        folder = temp.resolve("own").resolve("data");
        url = "jdbc:h2:file:" + folder.resolve("db");
    }

    @Test
    void newDatabaseHasOneUserWithAGeneratedPassword() throws IOException {
        try (HikariDataSource pool = open()) {
            assertThat(new JdbcTemplate(pool).queryForList("SELECT user_name FROM information_schema.users"))
                    .hasSize(1);
            assertThatThrownBy(() -> connect(""))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("Wrong user");
        }
        assertThat(modeOf(folder.getParent())).isEqualTo("rwx------");
        assertThat(modeOf(folder)).isEqualTo("rwx------");
        assertThat(modeOf(folder.resolve("db.password"))).isEqualTo("rw-------");
        assertThat(modeOf(folder.resolve("db.mv.db"))).isEqualTo("rw-------");
        assertThat(folder).isDirectoryNotContaining("glob:**.keyset-sync*");
    }

    @Test
    void databaseIsFoundAgainWithItsPassword() {
        try (HikariDataSource pool = open()) {
            new JdbcTemplate(pool).execute("CREATE TABLE t (id INT)");
        }
        assertHasTable();
    }

    @Test
    void databaseOfAnEarlierVersionGetsAPasswordAndKeepsItsRows() throws SQLException {
        makeWithoutPassword();
        assertHasTable();
        assertThatThrownBy(() -> connect("")).hasMessageContaining("Wrong user");
    }

    @Test
    void startThatWasKilledBeforeItAlteredTheUserIsGoneOnWith() throws Exception {
        makeWithoutPassword();
        OwnersPassword.readOrCreate(folder.resolve("db.password"));

        assertHasTable();
        connect(OwnersPassword.read(folder.resolve("db.password"))).close();
    }

    @Test
    void lookWritesNothing() throws SQLException {
        makeWithoutPassword();
        try (HikariDataSource pool = StandaloneDatabase.openToLook(url, "", "", 2, DatabaseTimeout.NONE)) {
            assertThat(new JdbcTemplate(pool).queryForList("SELECT * FROM t")).isEmpty();
        }
        assertThat(folder.resolve("db.password")).doesNotExist();
        connect("").close();
    }

    @Test
    void passwordOfAnotherDatabaseIsOneLine() throws IOException {
        open().close();
        try (HikariDataSource pool = open()) {
            new JdbcTemplate(pool).execute("CREATE TABLE t (id INT)");
        }
        Files.writeString(folder.resolve("db.password"), "another");

        try (HikariDataSource pool = open()) {
            assertThatThrownBy(() -> new JdbcTemplate(pool).queryForList("SELECT * FROM t"))
                    .rootCause()
                    .hasMessageContaining("the password in '" + folder.resolve("db.password") + "' is not that of");
        }
    }

    @Test
    void passwordFileThatCannotBeReadIsOneLine() throws IOException {
        Files.createDirectories(folder.resolve("db.password"));

        assertThatThrownBy(this::open)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'" + folder.resolve("db.password") + "'")
                .hasMessageContaining("can't be read");
    }

    @Test
    void userWithoutAPasswordIsRefused() {
        assertThatThrownBy(() -> StandaloneDatabase.open(url, "sync", "", 2, DatabaseTimeout.NONE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sync.database.username 'sync' has no password");
    }

    @Test
    void userWithAPasswordIsTheDatabasesOwn() {
        try (HikariDataSource pool = StandaloneDatabase.open(url, "sync", "secret", 2, DatabaseTimeout.NONE)) {
            assertThat(new JdbcTemplate(pool).queryForObject("SELECT current_user", String.class))
                    .isEqualTo("SYNC");
        }
        assertThat(folder.resolve("db.password")).doesNotExist();
    }

    private HikariDataSource open() {
        return StandaloneDatabase.open(url, "", "", 2, DatabaseTimeout.NONE);
    }

    private void makeWithoutPassword() throws SQLException {
        new JdbcTemplate(new DriverManagerDataSource(url, "", "")).execute("CREATE TABLE t (id INT)");
    }

    private void assertHasTable() {
        try (HikariDataSource pool = open()) {
            assertThat(new JdbcTemplate(pool).queryForList("SELECT * FROM t")).isEmpty();
        }
    }

    private Connection connect(String password) throws SQLException {
        return DriverManager.getConnection(url + ";AUTO_SERVER=TRUE", "", password);
    }

    private static String modeOf(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
