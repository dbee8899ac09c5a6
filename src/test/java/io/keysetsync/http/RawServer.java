package io.keysetsync.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on 127.0.0.1 that answers each request byte for byte as a test says, for as long as the client listens. */
final class RawServer implements AutoCloseable {

    /** Writes the answer; the connection is closed behind it. */
    interface Script {
        void answer(OutputStream out) throws Exception;
    }

    private final ServerSocket server;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();

    RawServer(Script script) {
        this.script = script;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread acceptor = new Thread(this::accept, "raw-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Answers every request with this text; {@code \n} stands for the line break of HTTP. */
    static RawServer answering(String head, byte[] body) {
        return new RawServer(out -> {
            write(out, head);
            out.write(body);
        });
    }

    /** Answers every request with this head, and then with a drop now and then, endlessly. */
    static RawServer dripping(String head, String drop) {
        return new RawServer(out -> {
            write(out, head);
            while (true) {
                out.write(drop.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                TimeUnit.MILLISECONDS.sleep(50); // the server's pace, not the test's
            }
        });
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                open.add(connection);
                Thread answering = new Thread(() -> answer(connection), "raw-answer");
                answering.setDaemon(true);
                answering.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            BufferedReader request =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = request.readLine();
            while (line != null && !line.isEmpty()) {
                line = request.readLine();
            }
            if (line != null) {
                requests.incrementAndGet();
                script.answer(connection.getOutputStream());
            }
        } catch (Exception e) {
            // the client has heard enough
        } finally {
            open.remove(connection);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/records";
    }

    int requests() {
        return requests.get();
    }

    /** Connections that neither side has closed. */
    int openConnections() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
