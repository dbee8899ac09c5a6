/**
 * Authentication: a class for each kind of credentials. Only the HTTP client adds credentials to a request, so that no
 * exchange, and nothing that shows an exchange, ever contains them.
 */
@NullMarked
package io.keysetsync.http.auth;

import org.jspecify.annotations.NullMarked;
