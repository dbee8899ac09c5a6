package io.keysetsync.cursor;

import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.record.IsoTime;
import io.keysetsync.record.MailTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads times in all notations that a cursor may have: first the stream's own pattern, if it has one, then
 * {@link IsoTime}, epoch numbers, {@link MailTime} and {@code /Date(1573755038314+0000)/}.
 *
 * @param pattern of the stream, or null
 * @param zone of times without an offset
 */
record TimeReader(@Nullable TimePattern pattern, ZoneId zone) {

    /** What .NET made of dates in JSON: milliseconds. The offset, if any, is only that of who wrote it. */
    private static final Pattern DOT_NET = Pattern.compile("/Date\\((-?\\d{1,15})([+-]\\d{4})?\\)/");

    /** Reads a text; null if it is no time. */
    @Nullable
    Instant read(String text) {
        Instant byPattern = pattern == null ? null : pattern.read(text);
        if (byPattern != null) {
            return byPattern;
        }
        if (isIso(text)) {
            IsoTime time = IsoTime.parse(text);
            return time == null ? null : time.instant(zone);
        }
        if (EpochNotation.isNumber(text)) {
            return EpochNotation.read(text);
        }
        if (text.startsWith("/")) {
            Matcher date = DOT_NET.matcher(text);
            return date.matches() ? EpochUnit.MILLISECONDS.instant(Long.parseLong(date.group(1))) : null;
        }
        MailTime mail = MailTime.parse(text);
        return mail == null ? null : mail.instant();
    }

    /** Whether a text begins as ISO 8601 does; no other notation has a minus there. */
    private static boolean isIso(String text) {
        return text.length() > 4 && text.charAt(4) == '-';
    }

    /** How a text that this reader can read writes a time. */
    TimeNotation notationOf(String text) {
        if (pattern != null && pattern.read(text) != null) {
            return pattern;
        }
        if (isIso(text)) {
            IsoTime iso = Objects.requireNonNull(IsoTime.parse(text));
            return time -> reread(iso.write(time, zone));
        }
        if (EpochNotation.isNumber(text)) {
            return Objects.requireNonNull(EpochNotation.of(text));
        }
        Matcher date = DOT_NET.matcher(text);
        if (date.matches()) {
            String offset = Objects.requireNonNullElse(date.group(2), "");
            return time -> reread("/Date(" + EpochUnit.MILLISECONDS.count(time) + offset + ")/");
        }
        MailTime mail = Objects.requireNonNull(MailTime.parse(text));
        return time -> reread(mail.write(time));
    }

    private TimePosition reread(String text) {
        return new TimePosition(text, Objects.requireNonNull(read(text), text));
    }
}
