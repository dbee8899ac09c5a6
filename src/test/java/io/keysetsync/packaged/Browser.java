package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.packaged.Program.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window. Closing it ends its processes. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it; on a machine that lacks it the test that asks is left out. */
    static Browser open() {
        Optional<Path> browser = inPath("chromium");
        Optional<Path> service = inPath("chromedriver");
        Assumptions.assumeTrue(
                browser.isPresent() && service.isPresent(),
                "left out: this machine has no chromium and chromedriver (apt-get install chromium chromium-driver)");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.get().toFile());
        options.addArguments("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-sandbox");
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        return new Browser(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(service.get().toFile())
                        .usingAnyFreePort()
                        .build(),
                options));
    }

    /** A port for a console that stays the same over a restart, or that many other consoles leave alone. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> inPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens the console of a program by the link that its command prints. */
    Browser show(Program program, Running running) {
        running.awaitStderr("console: http://");
        String link = await("link of the console")
                .atMost(PATIENCE)
                .until(() -> program.run("console").stdout().strip(), printed -> printed.contains("?token="));
        driver.get(link);
        return sees("Streams");
    }

    /** Loads the page again, with a script that runs before those of the page. */
    Browser reload(String script) {
        Object added = driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
                .get("identifier");
        driver.navigate().refresh();
        driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", added));
        return this;
    }

    /** Goes to a part of the page, by what its address has behind #. */
    Browser goTo(String hash) {
        driver.executeScript("location.hash = arguments[0]", hash);
        return this;
    }

    /** Waits until the page has a text. */
    Browser sees(String text) {
        return sees("body", text);
    }

    /** Waits until an element has a text. */
    Browser sees(String css, String text) {
        await(text)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(StaleElementReferenceException.class)
                .untilAsserted(() -> assertThat(driver.findElements(By.cssSelector(css)))
                        .extracting(WebElement::getText)
                        .anySatisfy(found -> assertThat(found).contains(text)));
        return this;
    }

    /** Waits until a script's value is true. */
    Browser until(String what, String script, Object... arguments) {
        await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Boolean.TRUE.equals(driver.executeScript("return " + script, arguments)));
        return this;
    }

    /** Waits until the page has brought itself up to date so many times more. */
    Browser awaitUpdates(int times) {
        String updates =
                "performance.getEntriesByType('resource').filter(each => each.name.endsWith('/api/streams')).length";
        long before = (Long) ask(updates);
        return until("updates", updates + " >= arguments[0]", before + times);
    }

    /** Clicks the first visible button or link whose name, in the part of the page that a selector names, begins so. */
    Browser click(String within, String name) {
        await(name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(StaleElementReferenceException.class)
                .until(() -> named(within, name).map(this::clicked).orElse(false));
        return this;
    }

    private boolean clicked(WebElement element) {
        element.click();
        return true;
    }

    private Optional<WebElement> named(String within, String name) {
        return driver.findElements(By.cssSelector(within)).stream()
                .flatMap(part -> part.findElements(By.cssSelector("a, button")).stream())
                .filter(each -> each.isDisplayed()
                        && each.isEnabled()
                        && each.getAccessibleName().startsWith(name))
                .findFirst();
    }

    boolean canClick(String within, String name) {
        return named(within, name).isPresent();
    }

    /** Types where the focus is. */
    Browser type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
        return this;
    }

    /** Replaces what the focused field has. */
    Browser retype(String text) {
        return type(Keys.chord(Keys.CONTROL, "a"), text);
    }

    String text(String css) {
        return driver.findElement(By.cssSelector(css)).getText();
    }

    Object ask(String script, Object... arguments) {
        return driver.executeScript("return " + script, arguments);
    }

    Browser run(String script) {
        driver.executeScript(script);
        return this;
    }

    /** What a script hands to its last argument, a function. */
    Object askLater(String script, Object... arguments) {
        return driver.executeAsyncScript(script, arguments);
    }

    /** As on a screen of this width, with light or dark colours. */
    Browser as(int width, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", true));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        return this;
    }

    byte[] screenshot() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    /** What the page has complained of since it was asked last. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The addresses of all requests that the page has made since it was asked last. */
    List<String> requests() {
        return StreamSupport.stream(
                        driver.manage().logs().get(LogType.PERFORMANCE).spliterator(), false)
                .map(entry -> json(entry.getMessage()).path("message"))
                .filter(message -> message.path("method").asText().equals("Network.requestWillBeSent"))
                .map(message -> message.at("/params/request/url").asText())
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
