/** Suggests parameters by what an answer shows, without asking for more. */
@NullMarked
package io.keysetsync.inspect.hint;

import org.jspecify.annotations.NullMarked;
