/** How fast the shipped Kamelets are beside plain JDBC, and whether a long run stays within a small heap. */
@NullMarked
package io.keysetsync.bench;

import org.jspecify.annotations.NullMarked;
