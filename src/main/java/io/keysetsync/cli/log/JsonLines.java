package io.keysetsync.cli.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.store.NodeName;
import net.logstash.logback.composite.loggingevent.mdc.DoubleMdcEntryWriter;
import net.logstash.logback.composite.loggingevent.mdc.LongMdcEntryWriter;
import net.logstash.logback.composite.loggingevent.mdc.MdcEntryWriter;
import net.logstash.logback.composite.loggingevent.mdc.RegexFilteringMdcEntryWriter;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;

/** The log as one JSON object a line, with the fields that {@link io.keysetsync.run.lifecycle.LogLines} names. */
public final class JsonLines {

    /** All other values in the diagnostic context stay texts, such as a stream that is named 7. */
    private static final String NUMBERS = "pages?|records|upserted|unchanged|deleted|quarantined|attempt|wait_ms";

    private JsonLines() {}

    public static Encoder<ILoggingEvent> encoder(LoggerContext context) {
        LogstashFieldNames names = new LogstashFieldNames();
        names.setTimestamp("timestamp");
        names.setLogger("logger");
        names.setThread("thread");
        names.setVersion("[ignore]");
        names.setLevelValue("[ignore]");
        LogstashEncoder lines = new LogstashEncoder();
        lines.setContext(context);
        lines.setFieldNames(names);
        lines.setTimestampPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX");
        lines.setTimeZone("UTC");
        lines.setCustomFields(JsonNodeFactory.instance
                .objectNode()
                .put("node", NodeName.PROCESS)
                .toString());
        lines.addMdcEntryWriter(of(NUMBERS, new LongMdcEntryWriter()));
        lines.addMdcEntryWriter(of("seconds", new DoubleMdcEntryWriter()));
        lines.start();
        return lines;
    }

    private static MdcEntryWriter of(String keys, MdcEntryWriter writer) {
        RegexFilteringMdcEntryWriter some = new RegexFilteringMdcEntryWriter();
        some.setIncludeMdcKeyPattern(keys);
        some.addMdcEntryWriter(writer);
        return some;
    }
}
