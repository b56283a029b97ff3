package weir.rim;

import java.util.Optional;

/**
 * What a service's file says about the process, before anything of it runs.
 *
 * @param usable whether the service can start with it
 * @param problems errors and warnings as text for people; empty if there are none
 * @param telemetry where metrics and health are to be shown; empty: nowhere
 * @param controlPlane where other processes of Weir may call this one by gRPC; empty: nowhere
 * @param http where the service's own HTTP pages are to listen; empty: where its Quarkus configuration says
 * @param logLevel of Weir's own log: DEBUG, INFO, WARN, ERROR
 */
public record Plan(
        boolean usable,
        String problems,
        Optional<Address> telemetry,
        Optional<Address> http,
        Optional<Address> controlPlane,
        String logLevel) {
    /** Where to listen. */
    public record Address(String host, int port) {}

    /** Of a service that is called by nobody. */
    public Plan(boolean usable, String problems, Optional<Address> telemetry, Optional<Address> http, String logLevel) {
        this(usable, problems, telemetry, http, Optional.empty(), logLevel);
    }

    /** Of a service whose file does not say where its HTTP pages are. */
    public Plan(boolean usable, String problems, Optional<Address> telemetry, String logLevel) {
        this(usable, problems, telemetry, Optional.empty(), logLevel);
    }

    /** A file that cannot be used. */
    public static Plan unusable(String problems) {
        return new Plan(false, problems, Optional.empty(), "INFO");
    }
}
