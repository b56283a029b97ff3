package weir.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
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
        subcommands = {Up.class, Check.class, Test.class, Why.class, Explain.class},
        footer = {
            "  agent|gateway|allocator  Run one service here until stopped: --config FILE, --data DIR;",
            "                           without a file, with the one built in.",
            "",
            "Exit status: 0 good, 1 something was wrong, 2 could not look or the command line was not understood."
        })
public final class Weir implements Runnable {
    private static final int WRONG = 1;

    private Weir() {}

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    public static void main(String... args) {
        System.exit(new CommandLine(new Weir())
                .setExecutionExceptionHandler((failure, command, _) -> {
                    command.getErr().println("weir: " + sentence(failure));
                    return WRONG;
                })
                .execute(args));
    }

    /** What people can act on; of what nobody foresaw, all of it. */
    private static String sentence(Exception failure) {
        return switch (failure) {
            case AccessDeniedException denied -> denied.getMessage() + ": permission denied";
            case IOException io -> String.valueOf(io.getMessage());
            default -> {
                StringWriter text = new StringWriter();
                failure.printStackTrace(new PrintWriter(text));
                yield text.toString();
            }
        };
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(System.out);
        }
    }
}
