package io.keysetsync.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A way to a database on this machine on which answers get lost: connections stay open, and nothing comes back any more.
 * Or the database is {@linkplain #goAway away}: connections are closed.
 */
public final class StallingProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int database;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile String fatal = "";
    private volatile boolean forAll;
    private volatile boolean isSilent;
    private volatile boolean isAway;
    private volatile CountDownLatch stalled = new CountDownLatch(1);

    /** Listens on a free port for the database on another one. */
    public StallingProxy(int database) throws IOException {
        this.database = database;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** The URL with this proxy instead of the database. */
    public String url(String url) {
        return url.replace(":" + database + "/", ":" + server.getLocalPort() + "/");
    }

    /** Loses all answers on the next connection that sends a text, from that text on. The database gets the text. */
    public void loseAnswersTo(String text) {
        stall(text, false);
    }

    /** Loses all answers on all connections, new ones included, once one of them sends a text. */
    public void loseAllAnswersAfter(String text) {
        stall(text, true);
    }

    private void stall(String text, boolean all) {
        stalled = new CountDownLatch(1);
        forAll = all;
        fatal = text;
    }

    /** Waits until a connection has sent the text. */
    public boolean awaitStalled() throws InterruptedException {
        return stalled.await(60, TimeUnit.SECONDS);
    }

    /** Works again; connections that have lost answers are closed. */
    public void recover() throws IOException {
        fatal = "";
        boolean all = isSilent;
        isSilent = false;
        for (Connection connection : connections) {
            if (all || connection.loses) {
                connection.close();
            }
        }
    }

    /** Closes all connections, and new ones at once. The port stays this proxy's. */
    public void goAway() throws IOException {
        isAway = true;
        for (Connection connection : connections) {
            connection.close();
        }
    }

    /** Lets new connections through again. */
    public void comeBack() {
        isAway = false;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            if (isAway) {
                client.close();
                continue;
            }
            Socket behind = new Socket(InetAddress.getLoopbackAddress(), database);
            Connection connection = new Connection(client, behind);
            connections.add(connection);
            if (isAway) {
                connection.close(); // between the two lines above
            }
            start(connection::questions);
            start(connection::answers);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // one of the sockets was closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private final class Connection {
        private final Socket client;
        private final Socket behind;
        private volatile boolean loses;

        Connection(Socket client, Socket behind) {
            this.client = client;
            this.behind = behind;
        }

        private void close() throws IOException {
            client.close();
            behind.close();
        }

        private void questions() throws IOException {
            forward(client, behind, true);
        }

        private void answers() throws IOException {
            forward(behind, client, false);
        }

        private void forward(Socket from, Socket to, boolean isQuestion) throws IOException {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] bytes = new byte[1 << 16];
                for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                    if (isQuestion) {
                        look(new String(bytes, 0, read, StandardCharsets.ISO_8859_1));
                    }
                    if (isQuestion || !(loses || isSilent)) {
                        out.write(bytes, 0, read);
                    }
                }
            }
        }

        private void look(String question) {
            if (!fatal.isEmpty() && question.contains(fatal)) {
                fatal = "";
                loses = true;
                isSilent = forAll;
                stalled.countDown();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
