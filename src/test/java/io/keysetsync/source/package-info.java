/** Tests of the source's parameters. */
@NullMarked
package io.keysetsync.source;

import org.jspecify.annotations.NullMarked;
