package io.keysetsync.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;

/**
 * Decompresses gzip of one or several members (RFC 1952, 2.2). The JDK's stream takes a member for the last if no
 * further byte happens to have arrived; this source of compressed bytes waits for the next byte before it says so.
 */
final class GzipMembers extends PushbackInputStream {

    private GzipMembers(InputStream compressed) {
        super(compressed);
    }

    /** The decompressed bytes; none if there are no compressed ones, not even a head. */
    static InputStream decompressed(InputStream compressed) throws IOException {
        GzipMembers members = new GzipMembers(compressed);
        return members.available() == 0 ? InputStream.nullInputStream() : new GZIPInputStream(members, 8192);
    }

    /** Returns 0 only at the end. */
    @Override
    public int available() throws IOException {
        int next = read();
        if (next < 0) {
            return 0;
        }
        unread(next);
        return Math.max(1, super.available());
    }
}
