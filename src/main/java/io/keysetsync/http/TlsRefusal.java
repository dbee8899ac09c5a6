package io.keysetsync.http;

import io.keysetsync.Errors;
import java.net.ConnectException;
import java.net.SocketException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Explains why one side of a TLS connection does not trust the other, which a retry would not change. */
public final class TlsRefusal {

    private TlsRefusal() {}

    /** What was refused and what to do; null for any other failure, such as a connection that broke. */
    static @Nullable String explanation(Throwable error) {
        SSLException tls = Errors.innermost(SSLException.class, error);
        if (tls == null) {
            return null;
        }
        String said = Errors.describe(tls);
        if (tls instanceof SSLPeerUnverifiedException) {
            return "the certificate is another host's: " + said + "; check the host in the url";
        }
        if (Errors.innermost(CertificateExpiredException.class, tls) != null
                || Errors.innermost(CertificateNotYetValidException.class, tls) != null) {
            return "the certificate has expired, or is not valid yet: " + said
                    + "; have it renewed, or correct this machine's clock";
        }
        if (Errors.innermost(CertificateException.class, tls) != null
                || Errors.innermost(CertPathValidatorException.class, tls) != null) {
            return "the certificate is not trusted: " + said
                    + "; if it is the right one, name its CA by camel.ssl.trust-store";
        }
        return said.contains("fatal alert")
                ? "the server refused the TLS connection: " + said
                        + "; if it wants a certificate, name it by camel.ssl.key-store"
                : null;
    }

    /**
     * What to check if no connection was made, or if one broke. With TLS 1.3, a server may refuse a client's certificate
     * after the client has sent its request (RFC 8446, section 2): a missing certificate can look like a broken connection.
     */
    static String whatToCheck(Throwable error) {
        boolean broke = error instanceof SocketException && !(error instanceof ConnectException);
        return "check that the API is up and the url is right"
                + (broke ? "; if it wants a certificate, name it by camel.ssl.key-store" : "");
    }
}
