package io.keysetsync.inspect.probe;

import io.keysetsync.inspect.Finding;
import io.keysetsync.inspect.Finding.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The findings about a stream, in the order in which to read them, and the parameters to set. */
final class Report {

    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, String> parameters = new TreeMap<>();

    void ok(String what) {
        findings.add(new Finding(Level.OK, what, ""));
    }

    void note(String what, String advice) {
        findings.add(new Finding(Level.NOTE, what, advice));
    }

    void problem(String what, String advice) {
        findings.add(new Finding(Level.PROBLEM, what, advice));
    }

    /** Says that a parameter of the source should have this value. */
    void set(String parameter, String value) {
        parameters.put(parameter, value);
    }

    /** Whether a parameter is to be set. */
    boolean sets(String parameter) {
        return parameters.containsKey(parameter);
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    Map<String, String> parameters() {
        return Map.copyOf(parameters);
    }
}
