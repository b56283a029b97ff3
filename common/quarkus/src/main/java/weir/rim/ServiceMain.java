package weir.rim;

import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.transport.net.PortOwner;

/**
 * The start of a service: looks at its file, tells Quarkus what the file says about the process, and hands over. What can
 * go wrong before that is said in a sentence, with exit status 1; 2 when the file or the command line could not be read.
 * A service that is told to stop and passes on what it held ends with 0, with 1 if it could not pass on everything.
 */
public final class ServiceMain {
    private static final int WRONG = 1;
    private static final int COULD_NOT_LOOK = 2;

    private ServiceMain() {}

    /** Runs a service until it is stopped. */
    public static void run(Service service, String... args) {
        ServiceArguments arguments = ServiceArguments.parse(args);
        if (!arguments.complaint().isEmpty()) {
            end(
                    COULD_NOT_LOOK,
                    service.name() + ": " + arguments.complaint() + "\nusage: weir " + service.name() + " "
                            + ServiceArguments.USAGE);
        }
        if (arguments.config() != null) {
            System.setProperty(ServiceFile.CONFIG, arguments.config().toString());
        }
        if (arguments.data() != null) {
            System.setProperty(ServiceFile.DATA, arguments.data().toString());
        }
        ServiceFile file = read(service);
        Plan plan = service.plan(file.name(), file.text());
        if (!plan.usable()) {
            end(WRONG, plan.problems().stripTrailing());
        }
        if (!plan.problems().isEmpty()) {
            System.out.print(plan.problems());
        }
        if (arguments.check()) {
            System.out.println(file.name() + " is good.");
            System.exit(0);
        }
        if (arguments.train()) {
            System.setProperty(UntilStopped.TRAINING, "true");
            plan = Training.of(plan);
        }
        tellQuarkus(plan);
        checkPorts(service, plan);
        System.setProperty(UntilStopped.UNTIL_STDIN_ENDS, String.valueOf(arguments.untilStdinEnds()));
        if (LiveReload.on()) {
            // Dev mode has its own ideas of what to do at the end, such as starting again.
            Quarkus.run(UntilStopped.class, args);
            return;
        }
        StopSignals.answerBy(Quarkus::asyncExit);
        Quarkus.run(UntilStopped.class, (status, failure) -> ended(service, status, failure), args);
    }

    private static void ended(Service service, int status, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            System.err.println(service.name() + " could not start: "
                    + (cause.getMessage() == null ? cause.toString() : cause.getMessage()));
        }
        System.exit(status);
    }

    private static ServiceFile read(Service service) {
        try {
            return ServiceFile.read(service, ServiceFile.told());
        } catch (IOException e) {
            end(COULD_NOT_LOOK, service.name() + ": cannot read the pipeline file " + e.getMessage());
            throw new IllegalStateException(e);
        }
    }

    private static void tellQuarkus(Plan plan) {
        System.setProperty("quarkus.log.category.\"weir\".level", plan.logLevel());
        plan.http().ifPresent(address -> {
            System.setProperty("quarkus.http.host", address.host());
            System.setProperty("quarkus.http.port", String.valueOf(address.port()));
        });
        plan.controlPlane().ifPresent(address -> {
            System.setProperty("quarkus.grpc.server.use-separate-server", "true");
            System.setProperty("quarkus.grpc.server.host", address.host());
            System.setProperty("quarkus.grpc.server.port", String.valueOf(address.port()));
        });
        plan.telemetry()
                .ifPresentOrElse(
                        address -> {
                            System.setProperty("quarkus.management.host", address.host());
                            System.setProperty("quarkus.management.port", String.valueOf(address.port()));
                        },
                        () -> System.setProperty("quarkus.management.host-enabled", "false"));
    }

    /** Quarkus would say it with a stack trace. */
    private static void checkPorts(Service service, Plan plan) {
        Map<String, Plan.Address> wanted = new LinkedHashMap<>(service.listensAt());
        plan.telemetry()
                .ifPresent(address -> wanted.put("its own metrics and health (service.telemetry.metrics)", address));
        plan.http().ifPresent(address -> wanted.put("its HTTP pages", address));
        plan.controlPlane().ifPresent(address -> wanted.put("what its peers tell", address));
        wanted.forEach((what, address) -> {
            if (address.port() != 0 && !LiveReload.on() && taken(address)) {
                end(
                        WRONG,
                        service.name() + ": port " + address.port() + " of " + address.host() + ", meant for " + what
                                + ", is in use by " + PortOwner.of(address.port())
                                + ". Stop that one or choose another port.");
            }
        });
    }

    private static boolean taken(Plan.Address address) {
        try (ServerSocket socket = new ServerSocket()) {
            // A port whose last connections only linger is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address.host(), address.port()));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void end(int status, String why) {
        if (LiveReload.on()) {
            // Dev mode shows it, waits for a change and tries again.
            throw new IllegalStateException(why);
        }
        System.err.println(why);
        System.exit(status);
    }

    /** The folder of a service when none is given: the user's state, never the working directory. */
    static Path defaultData(String service) {
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state == null || state.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        return base.resolve("weir").resolve(service);
    }
}
