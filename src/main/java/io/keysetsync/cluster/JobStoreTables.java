package io.keysetsync.cluster;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.database.Database;
import io.keysetsync.database.Tables;
import io.keysetsync.database.fault.DatabaseErrors;
import io.keysetsync.store.ClusterSetting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.springframework.dao.DataAccessException;

/**
 * The tables of Quartz's job store, created from the script in Quartz's jar if they are missing. Nothing else of the script is
 * executed: it begins by dropping the tables.
 */
final class JobStoreTables {

    private static final Pattern TABLE = Pattern.compile("CREATE TABLE (\\w+)\\s*\\((.*)\\)[^)]*", Pattern.DOTALL);
    private static final Pattern INDEX = Pattern.compile("CREATE INDEX (\\w+)\\s+ON (\\w+)\\s*\\(([^)]*)\\)");
    private static final Pattern COLUMN = Pattern.compile("(?m)^\\s*(\\w+)\\s+\\S+.*NULL,?\\s*$");

    private final Database database;
    private final Tables tables;
    private final List<String> statements;

    /** The tables in a database that can have them. */
    JobStoreTables(Database database, String script, Tables tables) {
        this.database = database;
        this.tables = tables;
        this.statements = statements(script);
    }

    private static List<String> statements(String script) {
        String text;
        try (InputStream file = JobStoreTX.class.getResourceAsStream(script)) {
            text = new String(Objects.requireNonNull(file, script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("Quartz's jar can't be read", e);
        }
        String uncommented = text.replaceAll("(?m)^(--|#).*$", "");
        return Stream.of(uncommented.split(";")).map(String::strip).toList();
    }

    /**
     * Creates what is missing, also while other nodes do so.
     *
     * @throws ConfigurationException if the database refuses that, or an existing table is of another version of Quartz
     */
    void create() {
        List<String> missing = new ArrayList<>();
        for (String statement : statements) {
            Matcher table = TABLE.matcher(statement);
            if (table.matches()) {
                List<String> found = tables.columnsOfUnquoted(table.group(1));
                if (found.isEmpty()) {
                    missing.add(statement + database.exactTableOptions());
                } else {
                    refuseOtherVersion(table.group(1), table.group(2), found);
                }
            }
        }
        for (String statement : statements) {
            Matcher index = INDEX.matcher(statement);
            if (index.matches() && !hasIndex(index)) {
                missing.add(statement);
            }
        }
        missing.forEach(statement -> execute(statement, missing));
    }

    private boolean hasIndex(Matcher index) {
        List<String> columns = Stream.of(index.group(3).split(","))
                .map(column -> column.strip().toLowerCase(Locale.ROOT))
                .toList();
        return tables.hasIndex(index.group(2), columns);
    }

    private void execute(String statement, List<String> missing) {
        Matcher table = TABLE.matcher(statement);
        Matcher index = INDEX.matcher(statement);
        try {
            if (table.matches()) {
                tables.createUnquoted(table.group(1), statement);
            } else if (index.matches() && !hasIndex(index)) {
                tables.alter(statement);
            }
        } catch (DataAccessException e) {
            if (index.matches() && hasIndex(index)) {
                return; // another node created it between the look and the attempt
            }
            if (DatabaseErrors.isTimeout(e)) {
                throw e;
            }
            throw new ConfigurationException(
                    ClusterSetting.NAME
                            + ": the tables of the cluster's schedule are missing, and the database refuses to create"
                            + " them: " + DatabaseErrors.describe(e) + "; have an administrator run: "
                            + missing.stream().map(Errors::oneLine).collect(Collectors.joining("; ")),
                    e);
        }
    }

    private static void refuseOtherVersion(String table, String columns, List<String> found) {
        String lacking = COLUMN.matcher(columns)
                .results()
                .map(column -> column.group(1))
                .filter(column -> !found.contains(column.toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
        if (!lacking.isEmpty()) {
            throw new ConfigurationException(ClusterSetting.NAME + ": the table " + table + " has no " + lacking
                    + ": another version of Quartz created it; move Quartz's tables away, so that they are created"
                    + " again, or use another database");
        }
    }
}
