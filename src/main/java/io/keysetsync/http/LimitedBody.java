package io.keysetsync.http;

import io.keysetsync.TerminalException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body, read as it arrives, up to a limit. The connection returns to the pool once the whole body has been
 * read, and is closed otherwise: the rest of the body is not read, since it may be endless.
 */
public final class LimitedBody extends HttpEntityWrapper {

    private final long limit;
    private final String tooLarge;
    private final Attempt attempt;
    private @Nullable InputStream content;

    /**
     * Wraps the body of an attempt's answer.
     *
     * @param tooLarge the message of the error if the body exceeds the limit
     */
    LimitedBody(HttpEntity body, long limit, String tooLarge, Attempt attempt) {
        super(body);
        this.limit = limit;
        this.tooLarge = tooLarge;
        this.attempt = attempt;
    }

    @Override
    public InputStream getContent() throws IOException {
        if (content == null) {
            InputStream whole = super.getContent();
            content = whole == null ? null : new Limited(whole);
        }
        return content;
    }

    private final class Limited extends FilterInputStream {

        private long read;
        private boolean complete;

        Limited(InputStream whole) {
            super(whole);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count;
            try {
                count = super.read(buffer, offset, length);
            } catch (IOException e) {
                throw attempt.explained(e);
            }
            attempt.checkDeadline();
            complete = count < 0;
            read += Math.max(0, count);
            if (read > limit) {
                attempt.abort();
                throw new TerminalException(tooLarge);
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            return count <= 0 ? 0 : Math.max(0, read(new byte[(int) Math.min(count, 8192)]));
        }

        @Override
        public void close() throws IOException {
            if (complete) {
                super.close();
                attempt.end();
            } else {
                attempt.abort();
            }
        }
    }
}
