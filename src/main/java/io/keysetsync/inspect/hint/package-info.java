/** Says what an answer shows, and suggests parameters by that, without asking for more. */
@NullMarked
package io.keysetsync.inspect.hint;

import org.jspecify.annotations.NullMarked;
