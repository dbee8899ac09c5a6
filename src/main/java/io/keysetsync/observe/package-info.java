/** What the program's {@code /observe} answers: metrics and health. Loaded by {@code run} alone, after the first sync began. */
@NullMarked
package io.keysetsync.observe;

import org.jspecify.annotations.NullMarked;
