package weir.launcher;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import weir.launcher.cases.Cases;

/** The command that runs a user's cases against a pipeline file, without a server. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Run cases (what enters, what is to become of it) against a pipeline file, without a server:"
                + " 0 all passed, 1 some failed, 2 could not look.")
final class Test implements Callable<Integer> {
    /** Held here, because the registry of loggers forgets those that nobody holds, and their levels with them. */
    private static final Logger LOG = Logger.getLogger("weir");

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files of cases.")
    private List<Path> files = List.of();

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the results there too, as JUnit's XML.")
    private @Nullable Path junit;

    @Override
    public Integer call() throws InterruptedException {
        LOG.setLevel(Level.SEVERE);
        return Cases.run(files, junit, System.out, Boolean.getBoolean("weir.terminal"), InstantSource.system());
    }
}
