/**
 * What keyset-sync promises in all circumstances: random feeds, APIs and crashes against the shipped Kamelets, over
 * real HTTP and a real database.
 *
 * <p>A test belongs here if it holds for every API of its kind. {@link io.keysetsync.guarantee.WhatNoClientCanKnow}
 * names the cases in which no client could keep the promise, each with an example that shows it.
 */
@NullMarked
package io.keysetsync.guarantee;

import org.jspecify.annotations.NullMarked;
