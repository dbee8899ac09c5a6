/** Between the client and the API: limits, redirects, credentials, certificates, and answers that mean harm. */
@NullMarked
package io.keysetsync.http;

import org.jspecify.annotations.NullMarked;
