package weir.rim;

import java.util.Optional;

/**
 * What a service's file says about the process, before anything of it runs.
 *
 * @param usable whether the service can start with it
 * @param problems errors and warnings as text for people; empty if there are none
 * @param telemetry where metrics and health are to be shown; empty: nowhere
 * @param logLevel of Weir's own log: DEBUG, INFO, WARN, ERROR
 */
public record Plan(boolean usable, String problems, Optional<Address> telemetry, String logLevel) {
    /** Where to listen. */
    public record Address(String host, int port) {}

    /** A file that cannot be used. */
    public static Plan unusable(String problems) {
        return new Plan(false, problems, Optional.empty(), "INFO");
    }
}
