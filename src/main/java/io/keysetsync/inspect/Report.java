package io.keysetsync.inspect;

import io.keysetsync.inspect.Finding.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The findings about a stream, in the order in which to read them, and the parameters to set. */
public final class Report {

    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, String> parameters = new TreeMap<>();

    /** Adds what is as it should be. */
    public void ok(String what) {
        findings.add(new Finding(Level.OK, what, ""));
    }

    /** Adds what is worth knowing. */
    public void note(String what, String advice) {
        findings.add(new Finding(Level.NOTE, what, advice));
    }

    /** Adds what has to be mended. */
    public void problem(String what, String advice) {
        findings.add(new Finding(Level.PROBLEM, what, advice));
    }

    /** Says that a parameter of the source should have this value. */
    public void set(String parameter, String value) {
        parameters.put(parameter, value);
    }

    /** Whether a parameter is to be set. */
    public boolean sets(String parameter) {
        return parameters.containsKey(parameter);
    }

    /** The findings so far. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** The parameters to set, with their values. */
    public Map<String, String> parameters() {
        return Map.copyOf(parameters);
    }
}
