package io.keysetsync.console;

import io.keysetsync.ConfigurationException;
import io.keysetsync.parameters.LiteralSetting;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/**
 * The settings {@code sync.console…}.
 *
 * @param host the address to listen on
 * @param ports those to try, in this order
 * @param isPortSet whether the port is the user's choice, so that no other one will do
 * @param password empty: a token of each start
 * @param hosts the names that a request may ask for, beyond loopback; empty for any
 * @param database the URL of the default database, beside whose file the token may be kept
 */
record ConsoleSettings(
        boolean enabled,
        String host,
        List<Integer> ports,
        boolean isPortSet,
        String password,
        Set<String> hosts,
        String database) {

    private static final String ENABLED = "sync.console";
    private static final String HOST = "sync.console.host";
    private static final String PORT = "sync.console.port";
    private static final String PASSWORD = "sync.console.password";
    private static final String HOSTS = "sync.console.hosts";

    private static final int FIRST_PORT = 8087;
    private static final int LAST_PORT = 8096;
    private static final int GREATEST_PORT = 65_535;

    /** Names of this machine by which nobody else can be meant; 127.0.0.0/8 is RFC 1122's, ::1 RFC 4291's. */
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");

    /**
     * Reads the settings of a context.
     *
     * @throws ConfigurationException naming the setting that can't be read, or that others forbid
     */
    static ConsoleSettings of(CamelContext context) {
        String host = setting(context, HOST, "127.0.0.1");
        String port = setting(context, PORT, "");
        String password = LiteralSetting.readOr(context, PASSWORD, "");
        ConsoleSettings settings = new ConsoleSettings(
                isTrue(setting(context, ENABLED, "true")),
                host,
                ports(port),
                !port.isEmpty(),
                password,
                Stream.of(setting(context, HOSTS, "").split(","))
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()),
                LiteralSetting.readOr(context, "sync.database.url", ""));
        if (settings.enabled() && !settings.isLoopback() && password.isEmpty()) {
            throw new ConfigurationException(HOST + " '" + host + "' can be reached from other machines; set "
                    + PASSWORD + ", or leave " + HOST + " at 127.0.0.1");
        }
        return settings;
    }

    private static String setting(CamelContext context, String key, String otherwise) {
        return context.getPropertiesComponent()
                .resolveProperty(key)
                .map(String::strip)
                .orElse(otherwise);
    }

    private static boolean isTrue(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigurationException(ENABLED + " '" + value + "' is neither true nor false");
        };
    }

    private static List<Integer> ports(String value) {
        if (value.isEmpty()) {
            return IntStream.rangeClosed(FIRST_PORT, LAST_PORT).boxed().toList();
        }
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= GREATEST_PORT) {
                return List.of(port);
            }
        } catch (NumberFormatException e) {
            // falls through to the one error for both
        }
        throw new ConfigurationException(
                PORT + " '" + value + "' is not a port number from 1 to " + GREATEST_PORT + ", nor 0 for any free one");
    }

    /** The setting of the port, for messages. */
    static String portSetting() {
        return PORT;
    }

    /** Whether nobody but this machine can reach the console. */
    boolean isLoopback() {
        return isLoopback(host);
    }

    /** Whether a host's name or address, without brackets, means this machine whoever asks. */
    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }

    boolean hasPassword() {
        return !password.isEmpty();
    }

    /** The console's address with a port. */
    String address(int port) {
        String shown = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        return "http://" + (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port + "/";
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return "console on " + host + " " + ports;
    }
}
