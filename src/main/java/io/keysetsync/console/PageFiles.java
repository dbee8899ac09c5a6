package io.keysetsync.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The files of the console's page: its own, and those of libraries that {@code libraries.properties} names. All are in jars
 * on the class path.
 */
public final class PageFiles {

    private static final String FOLDER = "page/";

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*\\.(html|css|js|svg|png)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png");

    private final Properties libraries = new Properties();

    PageFiles() throws IOException {
        try (InputStream list = PageFiles.class.getResourceAsStream(FOLDER + "libraries.properties")) {
            if (list != null) {
                libraries.load(list);
            }
        }
    }

    /** The page itself. */
    public byte[] index(Exchange exchange) throws IOException {
        return own("index.html", exchange);
    }

    /** A file of the page. */
    public byte[] file(Exchange exchange) throws IOException {
        return own(exchange.getMessage().getHeader("file", "", String.class), exchange);
    }

    private static byte[] own(String name, Exchange exchange) throws IOException {
        return NAME.matcher(name).matches()
                ? read(PageFiles.class.getResourceAsStream(FOLDER + name), name, exchange)
                : read(null, name, exchange);
    }

    /** A file of a library. */
    public byte[] library(Exchange exchange) throws IOException {
        String name = exchange.getMessage()
                .getHeader(Exchange.HTTP_PATH, "", String.class)
                .replaceFirst("^.*/lib/|^/", "");
        String path = libraries.getProperty(name);
        return read(path == null ? null : PageFiles.class.getClassLoader().getResourceAsStream(path), name, exchange);
    }

    private static byte[] read(@Nullable InputStream file, String name, Exchange exchange) throws IOException {
        if (file == null) {
            throw new ConsoleException(ConsoleException.NOT_FOUND, "there is no such file");
        }
        try (file) {
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, type);
            return file.readAllBytes();
        }
    }
}
