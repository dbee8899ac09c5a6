package io.keysetsync.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import java.lang.reflect.Field;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.operators.MinusOperator;
import net.thisptr.jackson.jq.internal.operators.MultiplyOperator;
import net.thisptr.jackson.jq.internal.operators.PlusOperator;
import net.thisptr.jackson.jq.internal.tree.AssignPipeComponent;
import net.thisptr.jackson.jq.internal.tree.LabelPipeComponent;
import net.thisptr.jackson.jq.internal.tree.PipedQuery;
import net.thisptr.jackson.jq.internal.tree.TransformPipeComponent;
import net.thisptr.jackson.jq.internal.tree.TryCatch;

/** Repairs two things in compiled expressions of jackson-jq 1.6.1 that would change or lose data without a word. */
final class Repairs {

    private Repairs() {}

    /** Repairs all parts of an expression. */
    static void in(SyntaxTree tree) {
        for (Object part : tree.parts()) {
            SyntaxTree.fields(part).forEach(field -> repair(part, field));
        }
    }

    private static void repair(Object part, Field field) {
        Object value = SyntaxTree.get(field, part);
        if (value instanceof PlusOperator plus) {
            SyntaxTree.set(field, part, new WithoutOverflow(plus, BigInteger::add));
        } else if (value instanceof MinusOperator minus) {
            SyntaxTree.set(field, part, new WithoutOverflow(minus, BigInteger::subtract));
        } else if (value instanceof MultiplyOperator times) {
            SyntaxTree.set(field, part, new WithoutOverflow(times, BigInteger::multiply));
        } else if (part instanceof TryCatch && field.getName().equals("tryExpr")) {
            SyntaxTree.set(field, part, new TryBody((Expression) value));
        } else if (part instanceof PipedQuery && value instanceof List<?> pipe) {
            SyntaxTree.set(field, part, labelled(pipe));
        }
    }

    private static List<Object> labelled(List<?> pipe) {
        List<Object> repaired = new ArrayList<>(pipe.size());
        List<String> labels = new ArrayList<>();
        for (Object component : pipe) {
            if (component instanceof LabelPipeComponent label) {
                labels.add(label.name);
                repaired.add(component);
            } else if (component instanceof AssignPipeComponent assign) {
                repaired.add(new AssignPipeComponent(labelled(assign.expr, labels), assign.matcher));
            } else if (component instanceof TransformPipeComponent transform) {
                repaired.add(new TransformPipeComponent(labelled(transform.expr, labels)));
            }
        }
        return repaired;
    }

    /** The first component behind labels evaluates all others, too. */
    private static Expression labelled(Expression body, List<String> labels) {
        Expression repaired = body;
        for (String label : labels) {
            repaired = new TryBody.OfLabel(repaired, label);
        }
        labels.clear();
        return repaired;
    }

    /** Calculates with doubles, as jq does, if whole numbers exceed 64 bits; the library would cut them. */
    private record WithoutOverflow(
            net.thisptr.jackson.jq.internal.operators.BinaryOperator operator, BinaryOperator<BigInteger> exact)
            implements net.thisptr.jackson.jq.internal.operators.BinaryOperator {

        @Override
        public JsonNode apply(ObjectMapper mapper, JsonNode left, JsonNode right) throws JsonQueryException {
            return left.isIntegralNumber() && right.isIntegralNumber() && exceeds(left, right)
                    ? operator.apply(
                            mapper, DoubleNode.valueOf(left.doubleValue()), DoubleNode.valueOf(right.doubleValue()))
                    : operator.apply(mapper, left, right);
        }

        private boolean exceeds(JsonNode left, JsonNode right) {
            return !left.canConvertToLong()
                    || !right.canConvertToLong()
                    || exact.apply(left.bigIntegerValue(), right.bigIntegerValue())
                                    .bitLength()
                            >= Long.SIZE;
        }

        @Override
        public String image() {
            return operator.image();
        }
    }
}
