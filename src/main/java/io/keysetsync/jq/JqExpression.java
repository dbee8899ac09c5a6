package io.keysetsync.jq;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.Errors;
import io.keysetsync.record.EvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/**
 * An expression in jq 1.6, compiled. Threads may share an expression: each evaluation has a separate scope for what it
 * defines.
 */
final class JqExpression {

    /** The most results for one document, so that an endless expression can't fill the heap. */
    private static final int MAX_RESULTS = 100_000;

    private static final int MAX_MESSAGE = 300;

    private static final Pattern POSITION = Pattern.compile("at line \\d+, column \\d+");

    private final JsonQuery query;

    private JqExpression(JsonQuery query) {
        this.query = query;
    }

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException if it is not valid, or uses a function or variable that does not exist; the message
     *     says what is wrong with it
     */
    static JqExpression compile(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("needs an expression in jq");
        }
        JsonQuery query;
        try {
            query = JsonQuery.compile(text, Builtins.VERSION);
        } catch (JsonQueryException e) {
            throw new IllegalArgumentException("is not a jq expression" + position(e), e);
        }
        SyntaxTree tree = SyntaxTree.of(query);
        String unknown = tree.unknown(Builtins.scope().getLocalFunctions().keySet());
        if (unknown != null) {
            throw new IllegalArgumentException(
                    "has " + unknown + ", which does not exist here; there are those of jq 1.6,"
                            + " without dates, input and the environment");
        }
        Repairs.in(tree);
        return new JqExpression(query);
    }

    private static String position(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            Matcher found = POSITION.matcher(Objects.toString(cause.getMessage(), ""));
            if (found.find()) {
                return ": not understood " + found.group();
            }
        }
        return "";
    }

    /**
     * The results for a document, which stays as it is.
     *
     * @throws EvaluationException if the expression fails on it
     */
    List<JsonNode> all(JsonNode document) {
        List<JsonNode> results = new ArrayList<>();
        try {
            query.apply(Scope.newChildScope(Builtins.scope()), document, result -> {
                if (results.size() == MAX_RESULTS) {
                    throw new IllegalStateException("more than " + MAX_RESULTS + " results");
                }
                results.add(Numbers.plain(result));
            });
        } catch (StackOverflowError e) {
            throw new EvaluationException("the expression recurses too deeply", e);
        } catch (JsonQueryException e) {
            throw new EvaluationException(message(e), e);
        } catch (RuntimeException e) {
            throw new EvaluationException(message(TryBody.errorBehind(e)), e);
        }
        return results;
    }

    private static String message(Exception error) {
        String line = Errors.oneLine(Objects.toString(error.getMessage(), error.toString()));
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
    }
}
