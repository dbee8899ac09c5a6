package io.keysetsync.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import javax.net.ServerSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A server on 127.0.0.1 that counts its connections. */
final class CountedServer implements AutoCloseable {

    private final MockWebServer server = new MockWebServer();
    private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();
    private final Queue<String> targets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();

    /** @param answers by the request's number, from 1 on */
    CountedServer(IntFunction<MockResponse> answers) throws IOException {
        server.setServerSocketFactory(new Counting());
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                targets.add(request.getMethod() + " " + request.getTarget());
                return answers.apply(requests.incrementAndGet());
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    /** One of the given number of pages of a record each; after the last, the first again. */
    static MockResponse page(int number, int pages) {
        int page = (number - 1) % pages + 1;
        String token = page < pages ? "\"t" + number + "\"" : "null";
        return new MockResponse.Builder()
                .body("{\"data\":[{\"id\":\"%d\",\"updatedAt\":\"2024-01-01T00:00:0%dZ\"}],\"scroll_param\":%s}"
                        .formatted(page, page, token))
                .build();
    }

    static MockResponse error(int status) {
        return new MockResponse.Builder()
                .code(status)
                .body("{\"error\":\"later\"}")
                .build();
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort() + "/records";
    }

    /** The requests' methods and targets, in their order. */
    List<String> targets() {
        return List.copyOf(targets);
    }

    int accepted() {
        return connections.size();
    }

    long open() {
        return connections.stream().filter(socket -> !socket.isClosed()).count();
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Counting extends ServerSocketFactory {
        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new ServerSocket() {
                @Override
                public Socket accept() throws IOException {
                    Socket connection = super.accept();
                    connections.add(connection);
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
    }
}
