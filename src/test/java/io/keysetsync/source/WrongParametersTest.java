package io.keysetsync.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.SyncRoute;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters of the source that can't be used, alone or together: each is refused at start, in one line. */
class WrongParametersTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            cursorFormat=yyyy-MM-dd oops                     | cursorFormat 'yyyy-MM-dd oops'
            cursorZone=Europe/Nowhere                        | cursorZone 'Europe/Nowhere': is not a time zone
            cursorType=uuid                                  | cursorType 'uuid' must be one of time, number, text
            cursorField=items.*.at                           | cursorField 'items.*.at' must lead to one value
            cursorField=a['b                                 | cursorField 'a['b'
            recordsField=a..b                                | recordsField 'a..b'
            moreField=!                                      | moreField '!': needs a path
            query=since={curser}                             | query has the unknown placeholder {curser}; known are {cursor}, {until}, {token}
            headers=X-Since: {curser}                        | headers has the unknown placeholder {curser}
            headers=no colon                                 | headers needs one 'Name: value' a line
            headers=Host: other.example.com                  | headers can't set Host
            headers=Content-Length: 3                        | headers can't set Content-Length
            headers=Authorization: x,auth=bearer,token=s3cr3t | headers can't set Authorization beside auth 'bearer'
            body=file:gone.json                              | body 'file:gone.json' can't be read
            paging=pages                                     | paging 'pages' must be one of scroll, link, linkHeader, page, offset, lastRecord
            paging=reanchor                                  | paging 'reanchor' is written reanchor: true now
            paging=link                                      | paging 'link' needs scrollField
            paging=lastRecord,scrollParam=after              | paging 'lastRecord' needs scrollField
            paging=lastRecord,scrollField=id                 | paging 'lastRecord' needs scrollParam
            paging=page                                      | paging 'page' needs scrollParam
            paging=offset                                    | paging 'offset' needs scrollParam
            paging=linkHeader,firstPage=1                    | firstPage '1' can't be sent if paging is 'linkHeader'
            paging=page,scrollParam=page,firstPage=first     | firstPage 'first' must be a whole number
            paging=linkHeader,query=t={token}                | {token} has no value if paging is 'linkHeader'
            onPageRefused=end                                | onPageRefused 'end' is for paging 'page' and 'offset' alone
            onEmptyPage=stop                                 | onEmptyPage 'stop' must be one of follow, end
            sendCursor=never                                 | sendCursor 'never' must be one of auto, first, always
            reanchor=yes                                     | reanchor 'yes' must be true or false
            reanchor=true,cursorParam=                       | reanchor needs a cursor in its requests
            step=P30D,initialCursor=2024-01-01               | step 'P30D' needs {until}
            parallelWindows=2                                | parallelWindows '2' needs step, and {until} in query
            parallelWindows=0                                | parallelWindows '0' must be a whole number of at least 1
            parallelWindows=33                               | parallelWindows '33' must be a whole number from 1 to 32
            parallelWindows=some                             | parallelWindows 'some' must be a whole number
            step=P30D,query=until={until}                    | initialCursor 'auto' must be a time if step is set
            step=P0D,query=until={until},initialCursor=2024-01-01 | step 'P0D' must be an ISO-8601 duration
            step=month,query=until={until},initialCursor=2024-01-01 | step 'month' must be an ISO-8601 duration
            retention=P30D,cursorType=number                 | retention 'P30D' is for cursorType 'time' alone
            futureTolerance=PT1H,cursorType=text             | futureTolerance 'PT1H' is for cursorType 'time' alone
            cursorFormat=epochMillis,cursorType=number       | cursorFormat 'epochMillis' is for cursorType 'time' alone
            query=until={until},cursorType=number            | {until} is for cursorType 'time' alone
            lookback=PT5M,cursorType=number                  | lookback 'PT5M': must be an integer
            lookback=5,cursorType=text                       | lookback '5': must be left out
            lookback=5m                                      | lookback '5m': must be an ISO-8601 duration such as PT5M
            retention=PT0S                                   | retention 'PT0S' must be longer than zero
            initialCursor=yesterday                          | initialCursor 'yesterday' must be a time such as
            errorField=a.                                    | errorField 'a.'
            onNotFound=ignore                                | onNotFound 'ignore' must be one of fail, empty
            """)
    void areRefusedWithTheStreamAndWhatToWrite(String parameters, String message) {
        Throwable refused = catchThrowable(() -> start(parameters.split(",(?=[a-zA-Z]+=)", -1)));

        assertThat(Errors.known(refused)).isInstanceOf(ConfigurationException.class);
        assertThat(Errors.known(refused).getMessage())
                .startsWith("stream orders: ")
                .contains(message)
                .doesNotContain("\n", "s3cr3t");
    }

    @Test
    void aBodyThatIsNotJsonIsRefused() throws Exception {
        Path body = Files.writeString(folder.resolve("body.json"), "{\"since\": ");

        assertThat(Errors.known(catchThrowable(() -> start("body=file:" + body))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("body.json' is not JSON");
    }

    @Test
    void aBodyWithAnAlmostPlaceholderIsRefusedAndOtherBracesStay() throws Exception {
        Path almost = Files.writeString(folder.resolve("almost.json"), "{\"since\": \"{curser}\"}");
        Path graph = Files.writeString(
                folder.resolve("graph.json"),
                "{\"query\": \"{ orders { id } } {id}\", \"variables\": {\"since\": \"{cursor}\"}}");

        assertThat(Errors.known(catchThrowable(() -> start("body=file:" + almost))))
                .hasMessageContaining("body has the unknown placeholder {curser}");
        assertThatCode(() -> start("body=file:" + graph)).doesNotThrowAnyException();
    }

    private void start(String... parameters) throws Exception {
        SyncRoute route = SyncRoute.of("orders", "http://127.0.0.1:1/orders");
        Arrays.stream(parameters)
                .map(parameter -> parameter.split("=", 2))
                .forEach(parameter -> route.with(parameter[0], parameter[1]));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("dataSource", TestDatabase.h2().dataSource());
            RunsByHand.in(context);
            context.addRoutes(route.into("file:routes/user.schema.json"));
            context.start();
        }
    }
}
