/** What {@code /observe} answers, without the server that serves it. */
@NullMarked
package io.keysetsync.observe;

import org.jspecify.annotations.NullMarked;
