/** The console of a running program: a page for people, the same as JSON, health and metrics, by HTTP. */
@NullMarked
package io.keysetsync.console;

import org.jspecify.annotations.NullMarked;
