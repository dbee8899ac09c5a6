package io.keysetsync.database.fault;

import io.keysetsync.ConfigurationException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The longest wait for a database.
 *
 * @param limit null to wait without end
 */
public record DatabaseTimeout(@Nullable Duration limit) {

    /** The setting of a Camel context. */
    public static final String SETTING = "sync.database.timeout";

    /** Its value in the standalone program unless it is set. */
    public static final String DEFAULT = "PT5M";

    /** Waits without end. */
    public static final DatabaseTimeout NONE = new DatabaseTimeout(null);

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Drivers take milliseconds as an {@code int}. */
    private static final Duration LONGEST = Duration.ofDays(20);

    private static final Duration LONGEST_GRACE = Duration.ofSeconds(5);

    /**
     * Reads the setting.
     *
     * @param value an ISO-8601 duration
     * @throws ConfigurationException if the value is not a duration, or one that drivers can't take
     */
    public static DatabaseTimeout parse(String value) {
        String text = value.strip();
        try {
            Duration limit = Duration.parse(text);
            if (limit.compareTo(SHORTEST) >= 0 && limit.compareTo(LONGEST) <= 0) {
                return new DatabaseTimeout(limit);
            }
        } catch (DateTimeParseException e) {
            // falls through to the one error for both
        }
        throw new ConfigurationException(
                SETTING + " '" + text + "' must be an ISO-8601 duration from PT1S to P20D, such as PT5M");
    }

    /** A template whose statements the database gives up after the limit, also if they wait for a lock. */
    public JdbcTemplate template(DataSource dataSource) {
        JdbcTemplate template = new JdbcTemplate(dataSource);
        if (limit != null) {
            template.setQueryTimeout((int) limit.plusMillis(999).toSeconds());
        }
        return template;
    }

    /**
     * How long a connection may be silent: a little longer than a statement may take, so that the database's own answer
     * about a statement that it gave up still arrives.
     *
     * @param limit of statements
     */
    public static Duration silence(Duration limit) {
        Duration grace = limit.dividedBy(10);
        grace = grace.compareTo(SHORTEST) < 0 ? SHORTEST : grace;
        return limit.plus(grace.compareTo(LONGEST_GRACE) > 0 ? LONGEST_GRACE : grace);
    }
}
