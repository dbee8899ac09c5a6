/**
 * Who asks: a class for each kind of credentials. They are put on a request inside the HTTP client alone, so that no
 * exchange, and nothing that shows one, ever has them.
 */
@NullMarked
package io.keysetsync.http.auth;

import org.jspecify.annotations.NullMarked;
