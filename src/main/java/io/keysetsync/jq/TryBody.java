package io.keysetsync.jq;

import com.fasterxml.jackson.databind.JsonNode;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryBreakException;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;

/**
 * What {@code try} or {@code ?} tries. The library hands each result on to the rest of the expression while it is still
 * within the {@code try}, and would drop a record silently if the rest fails. Such an error passes the {@code try} here,
 * wrapped, and becomes an ordinary error again above it.
 */
record TryBody(Expression tried) implements Expression {

    /** An error of what comes after one evaluation of a {@code try}. */
    private static final class Afterwards extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Attempt attempt;
        private final JsonQueryException error;

        Afterwards(Attempt attempt, JsonQueryException error) {
            super(error);
            this.attempt = attempt;
            this.error = error;
        }
    }

    /** One evaluation of a {@code try}. */
    private static final class Attempt {
        private boolean isOver;
    }

    @Override
    public void apply(Scope scope, JsonNode in, Path path, PathOutput output, boolean requirePath)
            throws JsonQueryException {
        Attempt attempt = new Attempt();
        try {
            tried.apply(
                    scope,
                    in,
                    path,
                    (result, at) -> {
                        try {
                            output.emit(result, at);
                        } catch (JsonQueryException e) {
                            throw new Afterwards(attempt, e);
                        }
                    },
                    requirePath);
        } catch (Afterwards e) {
            if (e.attempt.isOver) {
                throw e.error;
            }
            throw e;
        } finally {
            attempt.isOver = true;
        }
    }

    /** The part of an expression that follows a {@code label}, and gets a {@code break} also from behind a {@code try}. */
    record OfLabel(Expression body, String label) implements Expression {

        @Override
        public void apply(Scope scope, JsonNode in, Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            try {
                body.apply(scope, in, path, output, requirePath);
            } catch (Afterwards e) {
                if (e.error instanceof JsonQueryBreakException leaving
                        && leaving.name().equals(label)) {
                    throw leaving;
                }
                throw e;
            }
        }
    }

    /** The error behind one that came after a {@code try}; the error itself if it did not. */
    static Exception errorBehind(RuntimeException error) {
        return error instanceof Afterwards afterwards ? afterwards.error : error;
    }
}
