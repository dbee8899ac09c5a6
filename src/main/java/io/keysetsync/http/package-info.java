/** The HTTP client of a stream: limits, redirects, retries and failures. */
@NullMarked
package io.keysetsync.http;

import org.jspecify.annotations.NullMarked;
