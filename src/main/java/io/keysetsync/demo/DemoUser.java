package io.keysetsync.demo;

/** One user as the API shows it: eight strings, in this order; times are UTC in whole seconds. */
public record DemoUser(
        String id,
        String name,
        String email,
        String address,
        String company,
        String job,
        String createdAt,
        String updatedAt) {}
