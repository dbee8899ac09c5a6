package io.keysetsync.jq;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.internal.tree.FormattingFilter;
import net.thisptr.jackson.jq.internal.tree.FunctionCall;
import net.thisptr.jackson.jq.internal.tree.FunctionDefinition;
import net.thisptr.jackson.jq.internal.tree.VariableAccess;
import net.thisptr.jackson.jq.internal.tree.matcher.PatternMatcher;
import org.jspecify.annotations.Nullable;

/** All parts of a compiled expression. The library keeps them private, so they are found by reflection. */
final class SyntaxTree {

    private static final String LIBRARY = "net.thisptr.jackson.jq.";

    private final List<Object> parts = new ArrayList<>();

    private SyntaxTree(Object root) {
        collect(root, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** Takes an expression, or a function, apart. */
    static SyntaxTree of(Object root) {
        return new SyntaxTree(root);
    }

    private void collect(@Nullable Object value, Set<Object> seen) {
        if (value instanceof Collection<?> many) {
            many.forEach(each -> collect(each, seen));
        } else if (value != null
                && value.getClass().getName().startsWith(LIBRARY)
                && !(value instanceof Scope || value instanceof Enum)
                && seen.add(value)) {
            parts.add(value);
            fields(value).forEach(field -> collect(get(field, value), seen));
        }
    }

    /** The parts, from the outermost inwards. */
    List<Object> parts() {
        return parts;
    }

    /**
     * The first function or variable that neither the expression nor the library defines, in words; null if there is none.
     * The library itself would look for it only when the expression gets there. A name that is defined anywhere in the
     * expression counts as defined.
     *
     * @param builtins names with the number of arguments, such as {@code test/1}
     */
    @Nullable
    String unknown(Set<String> builtins) {
        Set<String> functions = new HashSet<>(builtins);
        StringBuilder variables = new StringBuilder();
        for (Object part : parts) {
            if (part instanceof FunctionDefinition) {
                List<?> arguments = list(part, "args");
                functions.add(value(part, "fname") + "/" + arguments.size());
                arguments.forEach(argument -> functions.add(argument + "/0"));
                arguments.forEach(argument -> variables.append(argument).append(' '));
            } else if (part instanceof PatternMatcher) {
                variables.append(part).append(' ');
            }
        }
        for (Object part : parts) {
            if (part instanceof FunctionCall
                    && !functions.contains(
                            value(part, "name") + "/" + list(part, "args").size())) {
                return "the function " + value(part, "name") + "/"
                        + list(part, "args").size();
            }
            if (part instanceof FormattingFilter && !functions.contains(part + "/0")) {
                return "the format " + part;
            }
            if (part instanceof VariableAccess && !isNamed(part.toString(), variables)) {
                return "the variable " + part;
            }
        }
        return null;
    }

    private static boolean isNamed(String variable, CharSequence defined) {
        return Pattern.compile(Pattern.quote(variable) + "\\b").matcher(defined).find();
    }

    private static List<?> list(Object part, String field) {
        return (List<?>) value(part, field);
    }

    private static Object value(Object part, String name) {
        return fields(part)
                .filter(field -> field.getName().equals(name))
                .map(field -> Objects.requireNonNull(get(field, part)))
                .findFirst()
                .orElseThrow();
    }

    /** All fields of a part, also those of its superclasses. */
    static Stream<Field> fields(Object part) {
        return Stream.<Class<?>>iterate(part.getClass(), type -> type != Object.class, Class::getSuperclass)
                .flatMap(type -> Stream.of(type.getDeclaredFields()))
                .filter(field -> !Modifier.isStatic(field.getModifiers()));
    }

    static @Nullable Object get(Field field, Object part) {
        try {
            field.setAccessible(true);
            return field.get(part);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static void set(Field field, Object part, Object value) {
        try {
            field.setAccessible(true);
            field.set(part, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
