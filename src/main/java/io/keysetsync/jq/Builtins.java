package io.keysetsync.jq;

import com.fasterxml.jackson.databind.JsonNode;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** The functions that expressions can call. None of them reads files, or the environment with its secrets. */
final class Builtins {

    static final Version VERSION = Versions.JQ_1_6;

    private Builtins() {}

    /** The scope with all functions, which nobody changes; loaded at its first use, which takes half a second. */
    static Scope scope() {
        return Loaded.SCOPE;
    }

    private static final class Loaded {
        private static final Scope SCOPE = load();

        private static Scope load() {
            Scope scope = Scope.newEmptyScope();
            BuiltinFunctionLoader.getInstance().listFunctions(VERSION, scope).forEach((name, function) -> {
                if (!name.startsWith("env/") && !name.startsWith("debug_scope/")) {
                    scope.addFunction(name, function);
                }
            });
            scope.addFunction("tonumber", 0, ofValue(Numbers::ofText));
            scope.addFunction("fromjson", 0, ofValue(Numbers::parsed));
            scope.getLocalFunctions().values().forEach(function -> Repairs.in(SyntaxTree.of(function)));
            return scope;
        }
    }

    /** Makes a value of another one. */
    private interface OfValue {
        JsonNode apply(JsonNode value) throws JsonQueryException;
    }

    private static Function ofValue(OfValue function) {
        return (scope, arguments, value, path, output, version) -> output.emit(function.apply(value), null);
    }
}
