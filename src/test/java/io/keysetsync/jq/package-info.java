/** Expressions in jq, and streams that use them. */
@NullMarked
package io.keysetsync.jq;

import org.jspecify.annotations.NullMarked;
