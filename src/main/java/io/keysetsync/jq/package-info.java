/** Expressions in jq: a step for the records of a page, and fields of a response or of a record. */
@NullMarked
package io.keysetsync.jq;

import org.jspecify.annotations.NullMarked;
