/** Writes a stream's requests: path and query, headers and body, with the cursor and what leads to the page. */
@NullMarked
package io.keysetsync.request;

import org.jspecify.annotations.NullMarked;
