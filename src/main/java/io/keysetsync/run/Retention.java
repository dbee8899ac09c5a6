package io.keysetsync.run;

import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Position.TimePosition;
import java.time.Instant;
import java.util.Optional;

/** Finds out whether the API has forgotten changes since a stream's last complete run. */
final class Retention {

    private Retention() {}

    /**
     * Refuses to continue if changes are lost: the next runs would skip them in silence.
     *
     * @throws TerminalException if a full sync is due
     */
    static void check(Run run) {
        RunPlan plan = run.plan();
        Position cursor = run.progress().mark();
        if (plan.retention() == null || cursor == null || run.isDryRun()) {
            return;
        }
        Instant remembered = Instant.now().minus(plan.retention());
        Optional<Instant> began = run.store().runs().lastCompleteBegan(run.stream());
        boolean isGap = began.map(time -> time.isBefore(remembered))
                .orElse(cursor instanceof TimePosition time && time.instant().isBefore(remembered));
        if (isGap) {
            throw new TerminalException("stream " + run.stream() + ": the last complete run "
                    + began.map(time -> "began at " + time).orElse("is missing, and the cursor is " + cursor.text())
                    + ", and the API remembers changes for " + plan.retention()
                    + " (retention): changes are lost, and a"
                    + " full sync is due: 'keyset-sync state reset " + run.stream() + "'");
        }
    }
}
