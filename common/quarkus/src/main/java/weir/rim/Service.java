package weir.rim;

import java.util.Map;

/** What tells one of Weir's services from another. Implementations keep no state. */
public interface Service {
    /** agent, gateway or allocator. */
    String name();

    /** The classpath resource with the file that it runs with when it is given none. */
    String builtInFile();

    /** Looks at a file. */
    Plan plan(String fileName, String text);

    /** Ports besides the file's, which must be free when it starts: what each is for, and the address. */
    default Map<String, Plan.Address> listensAt() {
        return Map.of();
    }
}
