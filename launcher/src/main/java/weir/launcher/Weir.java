package weir.launcher;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import weir.launcher.up.Up;

/** The commands of {@code ./weir} that are not services themselves. */
@Command(
        name = "weir",
        description = "Weir, a telemetry pipeline: an agent, a tail-sampling gateway, a scrape-target allocator.",
        mixinStandardHelpOptions = true,
        version = "Weir 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {Up.class, Check.class},
        footer = {
            "  agent|gateway|allocator  Run one service here until stopped: --config FILE, --data DIR;",
            "                           without a file, with the one built in.",
            "",
            "Exit status: 0 good, 1 something was wrong, 2 could not look or the command line was not understood."
        })
public final class Weir implements Runnable {
    private Weir() {}

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    public static void main(String... args) {
        System.exit(new CommandLine(new Weir()).execute(args));
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(System.out);
        }
    }
}
