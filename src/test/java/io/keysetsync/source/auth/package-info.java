/** The life of a token. */
@NullMarked
package io.keysetsync.source.auth;

import org.jspecify.annotations.NullMarked;
