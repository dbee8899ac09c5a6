package io.keysetsync.scenario;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ServerSocketFactory;
import mockwebserver3.SocketEffect;

/**
 * Server sockets whose connections answer at once: head and body of a response are written one after the other, and
 * with Nagle's algorithm the second waits up to 40 ms for the first one's acknowledgement.
 */
final class LoopbackSockets extends ServerSocketFactory {
    /** Closes a connection with a reset (RST) instead of an orderly end (FIN). */
    static final SocketEffect RESET = new SocketEffect.CloseSocket(true, true, false);

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new ServerSocket() {
            @Override
            public Socket accept() throws IOException {
                Socket connection = new Connection();
                implAccept(connection);
                connection.setTcpNoDelay(true);
                return connection;
            }
        };
    }

    @Override
    public ServerSocket createServerSocket(int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
        throw new UnsupportedOperationException();
    }

    private static final class Connection extends Socket {
        /** Only {@link #RESET} calls this, right before it closes the socket. */
        @Override
        public void shutdownInput() throws IOException {
            setSoLinger(true, 0);
        }
    }
}
