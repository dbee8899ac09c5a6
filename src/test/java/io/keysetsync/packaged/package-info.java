/**
 * The packaged copy, {@code target/keyset-sync/}, as users run it: its start script, its files, its signals and its exit
 * codes, as processes of their own against a {@link io.keysetsync.scenario.ScenarioApi} and a real database. What one
 * JVM can show belongs elsewhere; here is what a process adds: the command line, start-up errors, kills.
 */
@NullMarked
package io.keysetsync.packaged;

import org.jspecify.annotations.NullMarked;
