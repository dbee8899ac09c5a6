package io.keysetsync.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One answer of the API: its users, and the token that asks for the next ones; no token on the last page. */
public record DemoPage(List<DemoUser> data, @JsonProperty("scroll_param") @Nullable String scrollParam) {}
