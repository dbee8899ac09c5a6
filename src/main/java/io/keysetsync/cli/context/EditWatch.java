package io.keysetsync.cli.context;

import java.io.File;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.io.monitor.FileAlterationListenerAdaptor;
import org.apache.commons.io.monitor.FileAlterationMonitor;
import org.apache.commons.io.monitor.FileAlterationObserver;

/**
 * Notices edits of {@code routes/} and {@code application.properties} in the working directory. They are reported once no
 * file has changed between two checks: an editor may write in several steps, and two files may belong together.
 */
public final class EditWatch extends FileAlterationListenerAdaptor {

    private static final long LOOK_MILLIS = 500;

    private static final Path SETTINGS = Path.of("application.properties");
    private static final Path ROUTES = Path.of("routes");

    /** Names of temporary files that editors write, and of backups. */
    private static final Pattern OF_EDITORS = Pattern.compile("[.#].*|.*~");

    private final Predicate<Set<String>> report;
    private final Set<String> edited = new TreeSet<>();
    private boolean changing;

    /**
     * Prepares a watch, which {@link #start} starts.
     *
     * @param report takes the names of the edited files; false if they should be reported again at the next check
     */
    public EditWatch(Predicate<Set<String>> report) {
        this.report = report;
    }

    /** Notices all edits from now on, in a thread that does not keep the process alive. */
    public void start() throws Exception {
        FileAlterationObserver folder = FileAlterationObserver.builder()
                .setFile(new File("."))
                .setFileFilter(EditWatch::isWatched)
                .get();
        folder.addListener(this);
        FileAlterationMonitor monitor = new FileAlterationMonitor(LOOK_MILLIS, folder);
        monitor.setThreadFactory(look -> {
            Thread thread = new Thread(look, "keyset-sync-edits");
            thread.setDaemon(true);
            return thread;
        });
        monitor.start();
    }

    private static boolean isWatched(File file) {
        Path path = file.toPath().normalize();
        return path.equals(SETTINGS)
                || (path.startsWith(ROUTES)
                        && !OF_EDITORS.matcher(file.getName()).matches());
    }

    @Override
    public void onFileCreate(File file) {
        noted(file);
    }

    @Override
    public void onFileChange(File file) {
        noted(file);
    }

    @Override
    public void onFileDelete(File file) {
        noted(file);
    }

    private void noted(File file) {
        edited.add(file.toPath().normalize().toString());
        changing = true;
    }

    @Override
    public void onStart(FileAlterationObserver folder) {
        changing = false;
    }

    @Override
    public void onStop(FileAlterationObserver folder) {
        if (!changing && !edited.isEmpty() && report.test(new TreeSet<>(edited))) {
            edited.clear();
        }
    }
}
