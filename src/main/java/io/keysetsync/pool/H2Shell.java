package io.keysetsync.pool;

import io.keysetsync.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import org.h2.tools.Shell;

/** H2's shell on a database of the program, also while the program runs; the database's password never is an argument. */
public final class H2Shell {

    private H2Shell() {}

    /**
     * Opens the shell.
     *
     * @param arguments the path of the database's file without its ending, such as {@code data/keyset-sync}; then those of
     *     H2's shell, such as {@code -sql}
     */
    public static void main(String... arguments) {
        try {
            run(arguments);
        } catch (ConfigurationException | SQLException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(String... arguments) throws SQLException {
        Path path = Path.of(arguments.length == 0 ? "data/keyset-sync" : arguments[0])
                .toAbsolutePath();
        H2File file = Objects.requireNonNull(H2File.of("jdbc:h2:file:" + path));
        if (!Files.exists(file.data())) {
            throw new ConfigurationException("there is no database '" + file.data() + "'");
        }
        String password = Objects.requireNonNullElse(OwnersPassword.read(file.password()), "");
        try (Connection connection = new OwnedH2(file, password, true).getConnection()) {
            new Shell().runTool(connection, Arrays.stream(arguments).skip(1).toArray(String[]::new));
        }
    }
}
