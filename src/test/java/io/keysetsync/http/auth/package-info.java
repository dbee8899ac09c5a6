/** The life of a token. */
@NullMarked
package io.keysetsync.http.auth;

import org.jspecify.annotations.NullMarked;
