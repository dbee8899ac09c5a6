package io.keysetsync.paging;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Detects a scroll token that comes again, in memory that doesn't grow with the run: a cycle of up to
 * {@value #REMEMBERED} tokens at its first repetition, because the digests of the last tokens are remembered; a longer
 * cycle a little later, by Brent's algorithm (R. P. Brent, "An improved Monte Carlo factorization algorithm", 1980),
 * which compares each token with the one that was remembered at the latest power of two.
 */
public final class TokenTrail {

    private static final int REMEMBERED = 1_000;

    private final Set<String> recent = new LinkedHashSet<>();
    private @Nullable String anchor;
    private long sinceAnchor;
    private long untilNextAnchor = 1;

    /** Takes the next token; returns whether that token came before. */
    public boolean repeats(String token) {
        String digest = digest(token);
        if (digest.equals(anchor) || !recent.add(digest)) {
            return true;
        }
        if (recent.size() > REMEMBERED) {
            recent.remove(recent.iterator().next());
        }
        if (++sinceAnchor == untilNextAnchor) {
            anchor = digest;
            sinceAnchor = 0;
            untilNextAnchor *= 2;
        }
        return false;
    }

    /** Hashes a token, because tokens can be long and should not appear in a heap dump. */
    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
