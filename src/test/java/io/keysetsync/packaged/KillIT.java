package io.keysetsync.packaged;

import io.keysetsync.scenario.NextPage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A process killed at any instant loses nothing, and repeats at most the page at hand (rule 11). */
class KillIT extends Kills {

    @Test
    void losesNothingOnAnH2File() {
        try (Program program = Program.in(temp)) {
            survives(program, program.saved(), api -> api, KILLS, () -> {});
            repeatsOnlyTies(program.saved());
        }
    }

    @Test
    void losesNothingByLinks() {
        try (Program program = Program.in(temp)) {
            program.parameter("paging", "link").parameter("scrollField", "next");
            survives(
                    program,
                    program.saved(),
                    api -> api.nextPage(NextPage.LINK).scrollField("next"),
                    KILLS_OF_EACH_KIND,
                    () -> {});
            repeatsOnlyTies(program.saved());
        }
    }

    @Test
    void losesNothingByOffsetsWithReanchor() {
        try (Program program = Program.in(temp)) {
            program.parameter("paging", "offset")
                    .parameter("scrollParam", "skip")
                    .parameter("reanchor", "true");
            survives(
                    program,
                    program.saved(),
                    api -> api.nextPage(NextPage.OFFSET).scrollParam("skip"),
                    KILLS_OF_EACH_KIND,
                    () -> {});
        }
    }

    @Test
    void losesNothingInWindows() {
        feed = usersWithTies(random, Duration.ofDays(1).minusMillis(1));
        try (Program program = Program.in(temp)) {
            program.edit("routes/user.camel.yaml", yaml -> yaml.replace("0001-01-01T", "2013-12-01T"))
                    .parameter("query", "RAW(until={until})")
                    .parameter("step", "P20D");
            survives(program, program.saved(), api -> api.descending().untilExclusive(), KILLS_OF_EACH_KIND, () -> {});
        }
    }
}
