package io.keysetsync.apis;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.inspect.probe.ApiFindings;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each example of docs/apis.md, as it is written there, against a server that behaves as the API's documentation says. */
class ApisTest {

    /** The APIs that are played. */
    private static final List<Supplier<PlayedApi>> APIS = List.of(
            GitHub::new,
            Stripe::new,
            HubSpotSearch::new,
            ShopifyOrders::new,
            ShopifyGraphQl::new,
            Jira::new,
            ZendeskTickets::new,
            NotionDatabase::new,
            SlackMessages::new,
            Airtable::new,
            KlaviyoProfiles::new,
            GitLab::new,
            Linear::new,
            GoogleCalendar::new,
            MailchimpMembers::new,
            WordPress::new,
            WooCommerce::new,
            Asana::new,
            Intercom::new,
            Freshdesk::new,
            HelpScout::new,
            PagerDuty::new,
            Sentry::new,
            PayPal::new,
            Square::new,
            ServiceNow::new,
            Recharge::new,
            Pipedrive::new,
            Twilio::new,
            Xero::new);

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> theExampleKeepsTheTableEqualToTheApi() {
        return APIS.stream()
                .map(Supplier::get)
                .map(api -> DynamicTest.dynamicTest(api.heading(), () -> {
                    try (api) {
                        DescribedStream example = ApisPage.read().examples().get(api.heading());
                        new PlayedSync(api.start(), example).keepsTheTableEqual(folder);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> checkHasNothingAgainstTheExample() {
        return APIS.stream()
                .map(Supplier::get)
                .map(api -> DynamicTest.dynamicTest(api.heading(), () -> {
                    try (api) {
                        DescribedStream example = ApisPage.read().examples().get(api.heading());
                        ApiFindings check = new PlayedSync(api.start(), example).check(folder);
                        assertThat(api.calls()).hasSizeLessThanOrEqualTo(10);
                        assertThat(check.findings()).noneMatch(finding -> finding.level() == Level.PROBLEM);
                        assertThat(check.parameters()).isEmpty();
                    }
                }));
    }

    @Test
    void eachExampleIsRun() {
        assertThat(ApisPage.read().examples().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        APIS.stream().map(api -> api.get().heading()).toList());
    }
}
